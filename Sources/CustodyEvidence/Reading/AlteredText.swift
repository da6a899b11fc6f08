internal import CustodyValues

/// A change that mail programs and editors make to text files.
enum AlteredText: String {
  case lineEnds = "its line ends were changed to CRLF by mail or an editor"
  case bareLineEnds = "its line ends were changed from CRLF to LF by mail or an editor"
  case byteOrderMark = "a byte order mark was put before it by an editor"
  case wide = "it was saved as UTF-16 by an editor"

  /// Finds a mark of the encoding at the beginning. Returns the text without it.
  static func unmarked(_ bytes: [UInt8]) -> (text: [UInt8], change: AlteredText?) {
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) { return (Array(bytes.dropFirst(3)), .byteOrderMark) }
    guard bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff]) else { return (bytes, nil) }
    return (bytes.dropFirst(2).filter { $0 != 0 }, .wide)
  }

  /// The change to a text whose lines end in LF, judged by its first line.
  static func ofLine(_ line: [UInt8]) -> AlteredText? {
    unmarked(line).change ?? (line.suffix(2).elementsEqual([0x0d, 0x0a]) ? .lineEnds : nil)
  }

  /// The change to a bundle's table, whose lines end in CRLF, judged by its header.
  static func ofTable(_ line: [UInt8]) -> AlteredText? {
    if let mark = unmarked(line).change { return mark }
    return line == CSV.header.dropLast(2) + [0x0a] ? .bareLineEnds : nil
  }

  /// The error for a changed text: it can't be verified, and that is no proof of tampering.
  func error(_ name: String) -> EvidenceError {
    EvidenceError.unreadable(
      "\"\(PrintableText.escape(name))\" is not as it was written: \(rawValue). That is no proof that somebody tampered with it, and cannot be verified",
      "ask for it once more in a .tar or .zip, which is carried as it is")
  }
}
