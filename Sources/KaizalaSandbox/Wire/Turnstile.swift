import Synchronization

/// How many requests for a token are under way, at most, at each address. One is under way from its last byte until its reply
/// is about to leave: who waits for a reply before the next request is never two.
final class Turnstile: Sendable {
  private struct Count {
    var now = 0, most = 0

    mutating func enter() {
      now += 1
      most = max(most, now)
    }
  }

  private let counts = Mutex<[[String]: Count]>([:])

  func most(at path: [String]) -> Int { counts.withLock { $0[path]?.most ?? 0 } }

  func enter(_ path: [String]) {
    guard Self.isCounted(path) else { return }
    counts.withLock { $0[path, default: Count()].enter() }
  }

  func leave(_ path: [String]) {
    guard Self.isCounted(path) else { return }
    counts.withLock { $0[path]?.now -= 1 }
  }

  private static func isCounted(_ path: [String]) -> Bool { path.last == "token" || path.last == "accessToken" }
}
