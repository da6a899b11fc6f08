/// Runs blocking work for an async caller on a thread of its own, so that no thread of the concurrency pool waits for it.
package enum BlockingWork {
  /// Returns what `work` returns. The caller waits until `work` has ended, also where its task is cancelled meanwhile; so
  /// `work` may use what belongs to one thread at a time.
  nonisolated(nonsending) package static func run<R: ~Copyable, E: Error>(
    _ work: @escaping () throws(E) -> R
  ) async throws(E) -> R {
    let errand = Errand(work)
    await withCheckedContinuation { continuation in
      let started = DetachedThread.start {
        errand.run()
        continuation.resume()
      }
      guard !started else { return }
      // The system starts no thread now: the caller's own does it.
      errand.run()
      continuation.resume()
    }
    return try errand.outcome()
  }
}

/// One piece of work and its outcome. The thread that runs it and the one that reads the outcome follow each other: a
/// continuation stands between them.
private final class Errand<R: ~Copyable, E: Error>: @unchecked Sendable {
  private var work: (() throws(E) -> R)?
  private var result: Result<R, E>?

  init(_ work: @escaping () throws(E) -> R) { self.work = work }

  /// Runs the work and lets go of what it holds before this returns: a session's keys must not outlive its `lock()`.
  func run() {
    guard let work = work.take() else { return }
    do throws(E) { result = .success(try work()) } catch { result = .failure(error) }
  }

  /// Called once, after `run()`.
  func outcome() throws(E) -> R {
    guard let result = result.take() else { preconditionFailure("an errand's outcome is read once, after it ran") }
    return try result.get()
  }
}
