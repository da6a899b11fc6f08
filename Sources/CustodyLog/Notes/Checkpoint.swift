internal import CustodyCrypto
public import CustodyValues

/// The head of a log, as C2SP's tlog-checkpoint writes it: origin, size and root, without extension lines.
public struct Checkpoint: Equatable, Sendable {
  /// The log's name: 1 to 200 printable ASCII characters, without spaces and plus.
  public let origin: String
  /// The count of the log's entries.
  public let size: UInt64
  /// The RFC 6962 root of the tree of the first `size` entries.
  public let root: Digest

  package init(origin: String, size: UInt64, root: Digest) {
    (self.origin, self.size, self.root) = (origin, size, root)
  }

  /// Parses a note's text of exactly three lines.
  package init?(parsing text: [UInt8]) {
    let lines = text.split(separator: 0x0a, omittingEmptySubsequences: false)
    guard lines.count == 4, lines[3].isEmpty, Self.isValidOrigin(lines[0]), let size = Decimal.parse(lines[1]),
      let root = Base64.digest(lines[2])
    else { return nil }
    self.init(origin: String(decoding: lines[0], as: UTF8.self), size: size, root: root)
  }

  /// The text that is signed: three lines, each ending in LF.
  public var text: [UInt8] {
    Array(origin.utf8) + [0x0a] + Decimal.format(size) + [0x0a] + Base64.encode(root) + [0x0a]
  }

  package func note(signatures: [NoteSignature]) -> SignedNote { SignedNote(text: text, signatures: signatures) }

  /// Longest origin, in bytes.
  public static let originLimit = 200

  /// True for an origin: a URL without its scheme. The first line of any other signed text is refused, so that no
  /// signature serves for two kinds of text.
  package static func isValidOrigin(_ origin: some Collection<UInt8>) -> Bool {
    guard (1...originLimit).contains(origin.count), origin.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != 0x2b }) else {
      return false
    }
    return ![Entry.firstLine, "cosignature/v1", JoinRequest.firstLine, ExportScope.firstLine].contains {
      $0.utf8.elementsEqual(origin)
    }
  }
}
