internal import CustodyValues
internal import Glibc

/// Names this process, so that another process on the same machine can tell when it has ended. On other machines the
/// name tells nothing.
package struct RunningProcess: Equatable, Sendable {
  /// The bytes of the name: the machine's boot, its process table, and in that the number and start time of the
  /// process.
  private static let places = (boot: 0..<16, table: 16..<24, number: 24..<28, start: 28..<36)

  package let bytes: [UInt8]

  /// Nil if the kernel does not tell (no `/proc`). Then nobody can know, and everybody waits.
  package static let current: RunningProcess? = make()

  package init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count >= Self.places.start.upperBound else { return nil }
    self.bytes = Array(bytes.prefix(Self.places.start.upperBound))
  }

  /// True only if it is certain: the process ran on this machine, since its last boot, and has ended.
  package var isGone: Bool {
    guard let current = Self.current else { return false }
    let before = Self.places.number.lowerBound
    guard bytes[..<before] == current.bytes[..<before] else { return false }
    let number = Int32(truncatingIfNeeded: UInt64(bigEndianBytes: bytes[Self.places.number]))
    guard let seen = Self.look(at: "\(number)") else { return !Self.exists(number) }
    return seen.hasEnded || UInt64(bigEndianBytes: bytes[Self.places.start]) != seen.start
  }

  private static func make() -> RunningProcess? {
    guard let boot = try? PlainFile.read("/proc/sys/kernel/random/boot_id", limit: 64), let table = processTable(),
      let own = look(at: "self"), own.number == "\(getpid())"
    else { return nil }
    let id = hex(boot)
    guard id.count == places.boot.count else { return nil }
    return RunningProcess(id + table.bigEndianBytes() + UInt64(getpid()).bigEndianBytes(4) + own.start.bigEndianBytes())
  }

  private static func exists(_ number: Int32) -> Bool { kill(number, 0) == 0 || errno != ESRCH }

  /// An ID of the process table. Processes in two containers can have the same number in different tables.
  private static func processTable() -> UInt64? {
    var status = stat()
    guard unsafe stat("/proc/self/ns/pid", &status) == 0 else { return nil }
    return UInt64(status.st_ino)
  }

  private struct Look {
    /// The number by which `/proc` counts. In a container it may be of another table.
    let number: String
    /// Start time in clock ticks since boot.
    let start: UInt64
    /// True for a zombie: it has ended, with all its threads, and its parent has not asked for its status.
    let hasEnded: Bool
  }

  /// Reads words 1, 3, 20 and 22 of a process's line in `/proc`. The second word is a name that may hold anything.
  private static func look(at process: String) -> Look? {
    guard let line = try? PlainFile.read("/proc/\(process)/stat", limit: 4096) else { return nil }
    guard let end = line.lastIndex(of: UInt8(ascii: ")")) else { return nil }
    let text = String(decoding: line[end...], as: UTF8.self)
    let words = text.split(separator: " ")
    guard words.count > 20, let start = UInt64(words[20]), let threads = UInt64(words[18]) else { return nil }
    let number = line.prefix { $0 != UInt8(ascii: " ") }
    return Look(
      number: String(decoding: number, as: UTF8.self), start: start,
      hasEnded: threads <= 1 && (words[1] == "Z" || words[1] == "X"))
  }

  private static func hex(_ text: [UInt8]?) -> [UInt8] {
    let digits = (text ?? []).compactMap(Hex.value)
    return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }
}
