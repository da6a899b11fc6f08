import Synchronization

/// Counts the requests for a token that are under way at each path, and remembers the most at one time. A request is
/// under way from its last byte until its reply is about to leave, so a client that waits for each reply never counts
/// twice.
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
