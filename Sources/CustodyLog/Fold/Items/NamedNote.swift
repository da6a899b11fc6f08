public import CustodyValues

/// Text sealed under an item's metadata key, as its entry names it.
public struct NamedNote: Equatable, Sendable {
  public let moment: Moment
  public let author: Identifier
  /// Of the text, salt and all; and of the sealed text.
  public let sha256: Digest
  public let sealedSHA256: Digest

  public var entry: UInt64 { moment.position }

  init(moment: Moment, author: Identifier, sha256: Digest, sealedSHA256: Digest) {
    (self.moment, self.author, self.sha256, self.sealedSHA256) = (moment, author, sha256, sealedSHA256)
  }
}
