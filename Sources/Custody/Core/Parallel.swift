internal import CustodySystem
internal import CustodyValues
internal import Dispatch
internal import Synchronization

/// Something that several threads read while none changes it.
struct Unchanging<Value>: @unchecked Sendable {
  let value: Value
}

/// Work on many independent things, on every core. Each part has its own arena, which is not thread-safe.
enum Parallel {
  /// Fewer than this are done sooner than threads are started.
  private static let least = 64
  /// So many are worked on at a time. What is read ahead of them is bounded, and little.
  static let batch = 128

  /// Works on what `read` hands over while it reads on, and hands what comes of it to `body`, in order and on the caller's
  /// thread. Of several errors the one of the first thing is thrown.
  static func stream<Element: Sendable, Result: Sendable>(
    batch: Int = Parallel.batch, _ read: ((Element) throws -> Void) throws -> Void,
    work: @escaping @Sendable ([Element]) throws -> [Result], body: (Result) throws -> Void
  ) throws {
    // Else `read` could not be given what calls it.
    try withoutActuallyEscaping(body) { try stream(batch, read, BatchQueue(work), $0) }
  }

  private static func stream<Element: Sendable, Result: Sendable>(
    _ batch: Int, _ read: ((Element) throws -> Void) throws -> Void, _ queue: BatchQueue<Element, Result>,
    _ body: @escaping (Result) throws -> Void
  ) throws {
    var gathered: [Element] = []
    var isTaking = false
    do {
      try read { element in
        gathered.append(element)
        guard gathered.count >= batch else { return }
        isTaking = true
        if queue.isFull { try queue.next().forEach(body) }
        isTaking = false
        queue.add(gathered)
        gathered.removeAll(keepingCapacity: true)
      }
    } catch {
      let other = queue.finish()
      // What was read before is the first thing, and what was taken before that.
      if !isTaking, let other { throw other }
      throw error
    }
    if queue.isEmpty, gathered.count < least { return try queue.work(gathered).forEach(body) }
    queue.add(gathered)
    do { while !queue.isEmpty { try queue.next().forEach(body) } } catch {
      _ = queue.finish()
      throw error
    }
  }
}

/// Batches in work, the oldest first.
private final class BatchQueue<Element: Sendable, Result: Sendable> {
  let work: @Sendable ([Element]) throws -> [Result]
  private let threads = WorkerThreads()
  private var waiting: [Batch] = []
  private let limit = 2 * WorkerThreads.coreCount

  private final class Batch: Sendable {
    private let isDone = DispatchSemaphore(value: 0)
    private let result = Mutex<Swift.Result<[Result], VaultError>>(.success([]))

    func finish(_ result: Swift.Result<[Result], VaultError>) {
      self.result.withLock { $0 = result }
      isDone.signal()
    }

    func wait() -> Swift.Result<[Result], VaultError> {
      isDone.wait()
      return result.withLock { $0 }
    }
  }

  init(_ work: @escaping @Sendable ([Element]) throws -> [Result]) { self.work = work }

  var isEmpty: Bool { waiting.isEmpty }
  var isFull: Bool { waiting.count >= limit }

  func add(_ elements: [Element]) {
    let batch = Batch()
    waiting.append(batch)
    threads.add { [work] in
      batch.finish(Swift.Result { () throws(VaultError) in try translating { try work(elements) } })
    }
  }

  func next() throws -> [Result] { try waiting.removeFirst().wait().get() }

  /// Nothing may be in work once the caller goes on. Returns the first error.
  func finish() -> VaultError? {
    let results = waiting.map { $0.wait() }
    waiting = []
    for result in results { if case .failure(let error) = result { return error } }
    return nil
  }
}
