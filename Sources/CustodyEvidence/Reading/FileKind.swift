internal import CustodyJSON
internal import CustodyLog
internal import CustodyValues

/// The kind of a file, recognized by its first bytes.
enum FileKind: Equatable {
  case gzip, zip, tar, page, lines
  /// Exports for people and their tools, without proofs.
  case csv, ocsf, ecs, cef
  case checkpoint, proof, joinRequest, disclosures, text, database
  /// Another known kind of file, in words, with the command that unpacks it, if one does.
  case other(String, unpacking: String?)
  case unknown

  /// Count of the first bytes that are examined.
  static let prefix = 1 << 16

  private static let magics: [([UInt8], FileKind)] = [
    ([0x1f, 0x8b], .gzip), ([0x50, 0x4b, 3, 4], .zip), ([0x50, 0x4b, 5, 6], .zip),
    (Array("SQLite format 3\u{0}".utf8), .database), (Array("%PDF-".utf8), .other("a PDF", unpacking: nil)),
    (Array("BZh".utf8), .other("compressed with bzip2", unpacking: "bunzip2 -k")),
    ([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0], .other("compressed with xz", unpacking: "unxz -k")),
    ([0x28, 0xb5, 0x2f, 0xfd], .other("compressed with zstd", unpacking: "unzstd")),
    ([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], .other("a 7z archive", unpacking: "7z x")),
    (Array("Rar!".utf8), .other("a RAR archive", unpacking: "unrar x")),
    (Array("-----BEGIN AGE".utf8), .other("encrypted with age", unpacking: "age -d")),
    (Array("age-encryption.org/".utf8), .other("encrypted with age", unpacking: "age -d")),
  ]

  /// The kind of a file, and the change that an editor made to its beginning.
  static func of(_ slice: FileSlice) throws -> (kind: FileKind, change: AlteredText?) {
    let head = try slice.read(at: 0, count: prefix)
    if let magic = magics.first(where: { head.starts(with: $0.0) }) { return (magic.1, nil) }
    let block = Array(head.prefix(Archive.block))
    if block.dropFirst(257).starts(with: "ustar".utf8) || TarHeader.isOld(block) { return (.tar, nil) }
    let (bare, mark) = AlteredText.unmarked(head)
    let first = Array(bare.prefix { $0 != 0x0a })
    let kind = ofText(bare, first: first.last == 0x0d ? first.dropLast() : first)
    guard kind == .lines, mark == nil else { return (kind, kind == .unknown ? nil : mark) }
    return (kind, first.last == 0x0d ? .lineEnds : nil)
  }

  private static let texts: [(String, FileKind)] = [
    ("CEF:0|", .cef), (LogProof.firstLine, .proof), (JoinRequest.firstLine, .joinRequest),
    ("Evidence of the log ", .text), (ExportScope.firstLine, .text), ("\"index\",\"time\",\"action\",", .csv),
  ]

  private static func ofText(_ bytes: [UInt8], first: [UInt8]) -> FileKind {
    if let text = texts.first(where: { first.starts(with: $0.0.utf8) }) { return text.1 }
    let opening = String(decoding: first.prefix(15), as: UTF8.self).lowercased()
    if opening.hasPrefix("<!doctype html") || opening.hasPrefix("<html") { return .page }
    if let type = ExportLine.type(first) { return type == "item" || type == "reason" ? .disclosures : .lines }
    if isOfExport(bytes) { return .lines }
    // A checkpoint's note, even if its line ends were changed.
    if CheckpointRequest.Shown(bytes.filter { $0 != 0x0d }) != nil { return .checkpoint }
    return ofJSON(first)
  }

  /// True if a line is an export's, or if the first line is of another version of one.
  private static func isOfExport(_ bytes: [UInt8]) -> Bool {
    let version = bytes.dropFirst(5).prefix { (0x30...0x39).contains($0) }
    let isOther =
      bytes.starts(with: ExportLine.head.prefix(5))
      && bytes[version.endIndex...].starts(with: ExportLine.head.dropFirst(6))
    return isOther || bytes.split(separator: 0x0a).contains { $0.starts(with: ExportLine.head) }
  }

  private static func ofJSON(_ line: [UInt8]) -> FileKind {
    guard let object = (try? JSONValue(parsing: line))?.object else { return .unknown }
    if object["class_uid"] != nil, object["metadata"] != nil { return .ocsf }
    return object["@timestamp"] != nil && object["ecs"] != nil ? .ecs : .unknown
  }
}
