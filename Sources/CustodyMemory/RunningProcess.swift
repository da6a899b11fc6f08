internal import CUnix
internal import Glibc

/// This process, in a form that another one on the same machine can tell the end of. Elsewhere it tells nothing.
public struct RunningProcess: Equatable, Sendable {
  /// Of the machine's running, of its table of processes, and in that the number and the start of this one.
  private static let places = (boot: 0..<16, table: 16..<24, number: 24..<28, start: 28..<36)

  public let bytes: [UInt8]

  /// Nothing where the kernel does not say (no /proc): then nobody can tell, and everybody waits.
  public static let current: RunningProcess? = make()

  public init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count >= Self.places.start.upperBound else { return nil }
    self.bytes = Array(bytes.prefix(Self.places.start.upperBound))
  }

  /// True only where it is certain: of this machine, since it was started, and no longer there.
  public var isGone: Bool {
    guard let current = Self.current else { return false }
    let before = Self.places.number.lowerBound
    guard bytes[..<before] == current.bytes[..<before] else { return false }
    let number = bytes[Self.places.number].reduce(0) { $0 << 8 | Int32($1) }
    guard let start = Self.start(of: "\(number)") else { return !Self.exists(number) }
    return bytes[Self.places.start] != Self.octets(start, 8)[...]
  }

  private static func make() -> RunningProcess? {
    guard let boot = try? OpenFile.read("/proc/sys/kernel/random/boot_id", limit: 64), let table = processTable(),
      let start = start(of: "self")
    else { return nil }
    let id = hex(boot)
    guard id.count == places.boot.count else { return nil }
    return RunningProcess(id + octets(table, 8) + octets(UInt64(getpid()), 4) + octets(start, 8))
  }

  private static func exists(_ number: Int32) -> Bool { kill(number, 0) == 0 || errno != ESRCH }

  /// Processes of two containers can have one number: their tables differ.
  private static func processTable() -> UInt64? {
    var status = stat()
    guard unsafe stat("/proc/self/ns/pid", &status) == 0 else { return nil }
    return UInt64(status.st_ino)
  }

  /// In clock ticks since the machine began: the 22nd word of its line, after a name that may hold anything.
  private static func start(of process: String) -> UInt64? {
    guard let line = try? OpenFile.read("/proc/\(process)/stat", limit: 4096) else { return nil }
    guard let end = line.lastIndex(of: UInt8(ascii: ")")) else { return nil }
    let words = line[end...].split(separator: UInt8(ascii: " "))
    guard words.count > 20, words[1] != [UInt8(ascii: "Z")], words[1] != [UInt8(ascii: "X")] else { return nil }
    return UInt64(String(decoding: words[20], as: UTF8.self))
  }

  private static func octets(_ number: UInt64, _ count: Int) -> [UInt8] {
    (0..<count).reversed().map { UInt8(truncatingIfNeeded: number >> (8 * UInt64($0))) }
  }

  private static func hex(_ text: [UInt8]?) -> [UInt8] {
    let digits = (text ?? []).compactMap { Character(UnicodeScalar($0)).hexDigitValue }.map(UInt8.init)
    return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }
}
