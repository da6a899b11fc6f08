import CustodySystem
import CustodyValues
import CustodyStore

/// Rows whose every column differs from its neighbours, so that a swapped column shows.
enum Cast {
  static func id(_ byte: UInt8) -> Identifier { Identifier([UInt8](repeating: byte, count: 16))! }
  static func digest(_ byte: UInt8) -> Digest { Digest([UInt8](repeating: byte, count: 32))! }

  static let seed = SeedColumns(passes: 3, memory: 256 << 20, salt: [1, 2], keyFile: 1, seed: [3, 4])
  static let vault = VaultRow(id: id(1), auditKey: digest(2))
  static let founder = MemberRow(id: id(3), seed: seed, request: nil)
  static let member = MemberRow(id: id(4), seed: seed, request: [5])
  static let request = RequestRow(id: id(6), seed: seed, request: [7])
  static let vaultWrap = KeyWrapRow(
    recipient: id(3), sealedIn: 43, epoch: 1, kind: .vault, sealed: [8], sha256: digest(33))
  static let auditWrap = KeyWrapRow(
    recipient: .none, sealedIn: 44, epoch: 1, kind: .audit, sealed: [9], sha256: digest(34))
  static let connector = ItemRow(
    id: id(10), kind: .connector, tag: digest(11), revision: 1, generation: 1, metadataGeneration: 1, details: 4)
  static let tag = digest(13)
  static let token = ItemRow(
    id: id(12), kind: .token, tag: digest(13), revision: 2, generation: 3, metadataGeneration: 5, details: 6)
  static let connectorRevision = RevisionRow(item: id(10), revision: 1, generation: 1, entry: 4, secret: [15])
  static let oldRevision = RevisionRow(item: id(12), revision: 1, generation: 2, entry: 5, secret: [17])
  static let newRevision = RevisionRow(item: id(12), revision: 2, generation: 3, entry: 6, secret: [])
  static let oldEnvelope = EnvelopeRow(
    item: id(12), kind: .dataKey, generation: 2, recipient: id(4), entry: 5, sealed: nil, sha256: digest(24))
  static let envelope = EnvelopeRow(
    item: id(12), kind: .dataKey, generation: 3, recipient: id(4), entry: 7, sealed: [20], sha256: digest(21))
  static let auditEnvelope = EnvelopeRow(
    item: id(12), kind: .metadataKey, generation: 5, recipient: .none, entry: 8, sealed: [22], sha256: digest(23))
  static let metadataEnvelope = EnvelopeRow(
    item: id(12), kind: .metadataKey, generation: 5, recipient: id(4), entry: 9, sealed: [18], sha256: digest(19))
  static let envelopes = [oldEnvelope, envelope, auditEnvelope, metadataEnvelope]
  static let metadataKey = MetadataKeyRow(item: id(12), generation: 5, previous: [25])
  static let connectorDetails = NoteRow(entry: 4, kind: .details, item: id(10), generation: 1, sealed: [14])
  static let details = NoteRow(entry: 6, kind: .details, item: id(12), generation: 2, sealed: [16])
  static let destination = NoteRow(entry: 6, kind: .destination, item: id(12), generation: 4, sealed: [])
  static let reason = NoteRow(entry: 7, kind: .reason, item: id(12), generation: 5, sealed: [26])
  static let notes = [connectorDetails, details, destination, reason]
  static let entries = (0..<3).map { EntryRow(position: $0, epoch: 1, sealed: [27, UInt8($0)]) }
  static let nodes = [
    NodeRow(level: 0, number: 0, hash: digest(28)), NodeRow(level: 0, number: 1, hash: digest(29)),
    NodeRow(level: 1, number: 0, hash: digest(30)),
  ]
  static let checkpoints = (2...3).map {
    CheckpointRow(size: $0, signer: id(3), root: digest(UInt8(30 + $0)), signature: [31])
  }

  static let exchange = {
    var row = ExchangeRow(item: id(12), fence: 36, owner: [37], beat: 38)
    (row.journal, row.generation, row.accessToken) = ([39], 41, [40])
    return row
  }()

  static func fill(_ store: Store) throws {
    try store.write {
      try store.insert(vault)
      try store.insert(founder)
      try store.insert(member)
      try store.insert(request)
      try store.put(vaultWrap)
      try store.put(auditWrap)
      for item in [connector, token] { try store.put(item) }
      for revision in [connectorRevision, oldRevision, newRevision] { try store.put(revision) }
      for envelope in envelopes { try store.put(envelope) }
      try store.put(metadataKey)
      for note in notes { try store.put(note) }
      for entry in entries { try store.insert(entry) }
      for node in nodes { try store.put(node) }
      for checkpoint in checkpoints { try store.insert(checkpoint) }
      try store.put(exchange)
    }
  }

  /// Every column of every row.
  static func readAll(_ store: Store) throws {
    try store.read {
      _ = try store.vault()
      _ = try (store.members(), store.requests(), store.keyWraps())
      try store.eachItem { _ in }
      try store.eachRevision { _ in }
      try store.eachEnvelope { _ in }
      try store.eachMetadataKey { _ in }
      try store.eachNote { _ in }
      try store.eachEntry { _ in }
      try store.eachNode { _ in }
      try store.eachCheckpoint { _ in }
      try store.eachExchange { _ in }
      _ = try (store.counts(), store.member(id(4)), store.request(id(6)), store.exchange(of: token.id))
      for kind in [ItemRow.Kind.connector, .token] { try store.eachListed(kind, recipient: id(4)) { _ in } }
      _ = try store.retrieval(of: token.id, recipient: id(4))
      _ = try store.listing(of: token.id, recipient: id(4))
    }
  }
}

/// A filled vault.
func filled(_ engine: Engine, _ folder: Folder) throws -> Store {
  let store = try engine.create(folder.vault)
  try Cast.fill(store)
  return store
}
