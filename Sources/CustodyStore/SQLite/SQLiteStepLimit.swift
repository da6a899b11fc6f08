internal import CSQLite

/// Interrupts a step that finds no row for some seconds, as in a file whose pages were forged into a cycle.
@safe final class SQLiteStepLimit {
  /// Instructions between two checks, and the number of checks: together some seconds, or thirty million rows
  /// counted.
  private static let instructions: Int32 = 10_000
  private static let limit = 10_000
  private let ticks: UnsafeMutablePointer<Int>

  init() {
    unsafe ticks = .allocate(capacity: 1)
    unsafe ticks.initialize(to: 0)
  }

  deinit { unsafe ticks.deallocate() }

  func restart() { unsafe ticks.pointee = 0 }

  /// Watches a connection, which must not outlive this object.
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
