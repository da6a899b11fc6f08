internal import CustodyEvidence
internal import CustodyCrypto
internal import CustodyJSON
internal import CustodyLog
internal import CustodySecrets
internal import CustodyValues
internal import CustodyStore

/// A text of an entry about an item: salted, and sealed under the item's metadata key. The entry has its SHA-256.
struct SealedText {
  /// The longest text with its salt, in bytes. An export's line must hold it and the names derived from it.
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
  /// The entry's fields for the hash of the text, and of the sealed text.
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

  /// Returns true if the text says something. Details always pass, because whoever reads them reports what is missing.
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

  /// Makes the context for sealing. It leaves the entry out, because the entry has the text's hash, so that no note
  /// serves for another entry.
  func context(vault: Identifier, item: Identifier, generation: UInt64) -> SealContext {
    SealContext(purpose, vault: vault, item: item, version: generation)
  }
}
