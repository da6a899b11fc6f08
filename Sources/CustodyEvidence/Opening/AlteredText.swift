internal import CustodyValues

/// What mail and editors do to a text that they were only to carry.
enum AlteredText: String {
  case lineEnds = "its line ends were changed to CRLF by mail or an editor"
  case bareLineEnds = "its line ends were changed from CRLF to LF by mail or an editor"
  case byteOrderMark = "a byte order mark was put before it by an editor"
  case wide = "it was saved as UTF-16 by an editor"

  /// The mark of an encoding at the beginning, and the text as it was without it.
  static func unmarked(_ bytes: [UInt8]) -> (text: [UInt8], change: AlteredText?) {
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) { return (Array(bytes.dropFirst(3)), .byteOrderMark) }
    guard bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff]) else { return (bytes, nil) }
    return (bytes.dropFirst(2).filter { $0 != 0 }, .wide)
  }

  /// Of a text whose lines end in LF, by its first one.
  static func ofLine(_ line: [UInt8]) -> AlteredText? {
    unmarked(line).change ?? (line.suffix(2).elementsEqual([0x0d, 0x0a]) ? .lineEnds : nil)
  }

  /// Of a bundle's table, whose lines end in CRLF.
  static func ofTable(_ line: [UInt8]) -> AlteredText? {
    if let mark = unmarked(line).change { return mark }
    return line == CSV.header.dropLast(2) + [0x0a] ? .bareLineEnds : nil
  }

  /// It can't be verified like that, and nobody need have tampered with it.
  func error(_ name: String) -> EvidenceError {
    OpenEvidence.unreadable(
      "\"\(PrintableText.escape(name))\" is not as it was written: \(rawValue). That is no proof that somebody tampered with it, and cannot be verified",
      "ask for it once more in a .tar or .zip, which is carried as it is")
  }
}
