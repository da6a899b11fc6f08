internal import CustodySystem
internal import CustodyValues
internal import Dispatch
internal import Synchronization

/// A value that several threads read while nothing changes it.
struct Unchanging<Value>: @unchecked Sendable {
  let value: Value
}

/// Runs independent work on all cores. Each batch has an arena of its own, since arenas are not thread-safe.
enum Parallel {
  /// Fewer elements than this are done faster on the calling thread.
  private static let least = 64
  /// Number of elements in a batch. It also bounds how far reading runs ahead.
  static let batch = 128

  /// Works on what `read` produces while it reads on, and passes the results to `body` in order, on the calling thread.
  /// If several elements fail, the first one's error is thrown.
  static func stream<Element: Sendable, Result: Sendable>(
    batch: Int = Parallel.batch, _ read: ((Element) throws -> Void) throws -> Void,
    work: @escaping @Sendable ([Element]) throws -> [Result], body: (Result) throws -> Void
  ) throws {
    // Allows `read`'s closure to call `body`.
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
      // Elements read earlier come first, so their error wins; unless `body` itself failed.
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

/// Batches being worked on, the oldest first.
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

  /// Waits for all batches, so that no work goes on after return. Returns the first error.
  func finish() -> VaultError? {
    let results = waiting.map { $0.wait() }
    waiting = []
    for result in results { if case .failure(let error) = result { return error } }
    return nil
  }
}
