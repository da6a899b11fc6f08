internal import CustodyEvidence
internal import CustodyCrypto
internal import CustodyJSON
internal import CustodyLog
internal import CustodySecrets
internal import CustodyValues
internal import CustodyStore

/// Text of an entry about an item: salted, sealed under the item's metadata key, its SHA-256 in the entry.
struct SealedText {
  /// Bytes of any text with its salt: what an export discloses, and the names that it shows of it, must fit into a line.
  static let limit = 1 << 18

  let text: [UInt8]
  let row: NoteRow

  func name(in entry: inout EntryDraft) {
    let (plain, sealed) = row.kind.details
    entry.set(plain, SHA256.hash(text))
    entry.set(sealed, SHA256.hash(row.sealed))
    entry.set(.metadataGeneration, row.generation)
  }

  static func expiry(in text: [UInt8]) -> Timestamp? {
    (try? Metadata.parse(text))?["expires"].flatMap { try? Metadata.time($0) }
  }
}

extension NoteRow.Kind {
  /// How an entry names the text, and the sealed text.
  var details: (text: DetailKey, sealed: DetailKey) {
    switch self {
    case .details: (.metadataSHA256, .sealedMetadataSHA256)
    case .reason: (.reasonSHA256, .sealedReasonSHA256)
    case .destination: (.destinationSHA256, .sealedDestinationSHA256)
    case .expiry: (.expirySHA256, .sealedExpirySHA256)
    }
  }

  var words: String {
    switch self {
    case .details: "metadata"
    case .reason: "reason"
    case .destination: "destination"
    case .expiry: "expiry"
    }
  }

  /// Of an item's details whoever reads them says what is missing.
  func isSaid(by text: [UInt8]) -> Bool {
    switch self {
    case .details: true
    case .reason: Reason.text(in: text) != nil
    case .destination: (try? Destination(text: text)) != nil
    case .expiry: SealedText.expiry(in: text) != nil
    }
  }

  private var purpose: SealContext.Purpose {
    switch self {
    case .details: .metadata
    case .reason: .reason
    case .destination: .destination
    case .expiry: .expiry
    }
  }

  /// The entry stands in its hash, so that no note serves another entry.
  func context(vault: Identifier, item: Identifier, generation: UInt64) -> SealContext {
    SealContext(purpose, vault: vault, item: item, version: generation)
  }
}
