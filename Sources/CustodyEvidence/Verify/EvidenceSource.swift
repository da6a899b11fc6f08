internal import CustodyCrypto
internal import CustodyLog
internal import CustodySystem
internal import CustodyValues

/// An entry as evidence shows it, not yet believed; with the path to the checkpoint's root in a part of a log.
struct ShownEntry {
  let index: UInt64
  let bytes: [UInt8]
  let path: [Digest]
}

/// What somebody shows of a log: a folder, an archive or a file.
protocol EvidenceSource {
  var note: SignedNote { get }
  /// What the exporter signed that a part covers. Without it there is every entry from the first to the checkpoint.
  var scope: SignedScope? { get }
  var disclosures: [Disclosure] { get }
  /// In the order of the log. What can't be read is a fault where it stands.
  func eachEntry(_ body: (ShownEntry) throws -> Void) throws
  /// What is told of each hash of the tree's tiles, where there are tiles.
  func compare(_ tile: Tile, _ bytes: [UInt8]) throws
  /// log.jsonl, or the file itself, from its first line.
  func lines() throws -> FileLines
  /// Another file of a bundle. Nil where there is only the one.
  func file(_ name: String) throws -> FileLines?
}

extension EvidenceSource {
  var isWhole: Bool { scope == nil }
}

/// The lines of a JSON Lines export.
enum ExportLine {
  static let head = Array(#"{"v":1,"type":""#.utf8)

  /// What kind of line it is: nil for one that this version did not write.
  static func type(_ line: [UInt8]) -> String? {
    guard line.starts(with: head), let end = line.dropFirst(head.count).firstIndex(of: 0x22) else { return nil }
    return String(decoding: line[head.count..<end], as: UTF8.self)
  }
}
