package import CustodyValues

/// A text sealed under an item's metadata key, as its entry names it.
package struct NamedNote: Equatable, Sendable {
  package let moment: Moment
  package let author: Identifier
  /// SHA-256 of the text with its salt, and of the sealed text.
  package let sha256: Digest
  package let sealedSHA256: Digest

  package var entry: UInt64 { moment.position }

  init(moment: Moment, author: Identifier, sha256: Digest, sealedSHA256: Digest) {
    (self.moment, self.author, self.sha256, self.sealedSHA256) = (moment, author, sha256, sealedSHA256)
  }
}
