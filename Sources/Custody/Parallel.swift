internal import Dispatch
internal import Glibc
internal import Synchronization

/// Something that several threads read while none changes it.
struct Unchanging<Value>: @unchecked Sendable {
  let value: Value
}

/// Work on many independent things, on every core. Each part has its own arena, which is not thread-safe.
enum Parallel {
  /// Fewer than this are done sooner than threads are started.
  private static let least = 64

  static func map<Element: Sendable, Result: Sendable>(
    _ elements: [Element], _ body: @Sendable (ArraySlice<Element>) throws -> [Result]
  ) throws(VaultError) -> [Result] {
    let parts = elements.count < least ? 1 : max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    guard parts > 1 else { return try translating { try body(elements[...]) } }
    let size = (elements.count + parts - 1) / parts
    let done = Mutex<[Int: Swift.Result<[Result], VaultError>]>([:])
    DispatchQueue.concurrentPerform(iterations: parts) { part in
      let range = min(part * size, elements.count)..<min((part + 1) * size, elements.count)
      let result = Swift.Result { () throws(VaultError) in try translating { try body(elements[range]) } }
      done.withLock { $0[part] = result }
    }
    let results = done.withLock { $0 }
    var all: [Result] = []
    all.reserveCapacity(elements.count)
    for part in 0..<parts { all += try results[part]?.get() ?? [] }
    return all
  }
}
