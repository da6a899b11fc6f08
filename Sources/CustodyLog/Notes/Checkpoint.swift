internal import CustodyCrypto
public import CustodyValues

/// The log's head, as C2SP's tlog-checkpoint writes it: origin, size, root, and no extension lines.
public struct Checkpoint: Equatable, Sendable {
  public let origin: String
  public let size: UInt64
  public let root: Digest

  package init(origin: String, size: UInt64, root: Digest) {
    (self.origin, self.size, self.root) = (origin, size, root)
  }

  /// From a note's text. Three lines, no more.
  package init?(parsing text: [UInt8]) {
    let lines = text.split(separator: 0x0a, omittingEmptySubsequences: false)
    guard lines.count == 4, lines[3].isEmpty, Self.isValidOrigin(lines[0]), let size = Decimal.parse(lines[1]),
      let root = Base64.digest(lines[2])
    else { return nil }
    self.init(origin: String(decoding: lines[0], as: UTF8.self), size: size, root: root)
  }

  public var text: [UInt8] {
    Array(origin.utf8) + [0x0a] + Decimal.format(size) + [0x0a] + Base64.encode(root) + [0x0a]
  }

  package func note(signatures: [NoteSignature]) -> SignedNote { SignedNote(text: text, signatures: signatures) }

  public static let originLimit = 200

  /// A URL without its scheme. Never one of the words with which another signed text begins.
  package static func isValidOrigin(_ origin: some Collection<UInt8>) -> Bool {
    guard (1...originLimit).contains(origin.count), origin.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != 0x2b }) else {
      return false
    }
    return ![Entry.firstLine, "cosignature/v1", JoinRequest.firstLine, ExportScope.firstLine].contains {
      $0.utf8.elementsEqual(origin)
    }
  }
}
