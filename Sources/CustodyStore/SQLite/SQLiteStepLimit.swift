internal import CSQLite

/// Stops a step that finds no row for some seconds, as it may in a file whose pages were made to hold one another.
@safe final class SQLiteStepLimit {
  /// Together some seconds, or thirty million rows counted.
  private static let instructions: Int32 = 10_000
  private static let limit = 10_000
  private let ticks: UnsafeMutablePointer<Int>

  init() {
    unsafe ticks = .allocate(capacity: 1)
    unsafe ticks.initialize(to: 0)
  }

  deinit { unsafe ticks.deallocate() }

  func restart() { unsafe ticks.pointee = 0 }

  /// The connection must not outlive this.
  func watch(_ connection: OpaquePointer) {
    unsafe sqlite3_progress_handler(
      connection, Self.instructions,
      { context in
        guard let ticks = unsafe context?.assumingMemoryBound(to: Int.self) else { return 0 }
        unsafe ticks.pointee += 1
        return unsafe ticks.pointee > SQLiteStepLimit.limit ? 1 : 0
      }, ticks)
  }
}
