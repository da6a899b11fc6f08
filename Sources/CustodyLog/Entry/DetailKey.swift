internal import CustodyCrypto
internal import CustodyValues

/// The key of an entry's detail. The cases stand in ascending byte order, as details do in an entry.
package enum DetailKey: String, CaseIterable, Sendable, Comparable {
  case auditKey = "audit-key"
  case boxKey = "box-key"
  case checkpointKey = "checkpoint-key"
  case commitment
  case connector
  case cosignKey = "cosign-key"
  case cosignature
  case count
  case destinationSHA256 = "destination-sha256"
  case envelopeSHA256 = "envelope-sha256"
  case envelopesSHA256 = "envelopes-sha256"
  case expirySHA256 = "expiry-sha256"
  case filter
  case format
  case generation
  case how
  case item
  case lostEarlier = "lost-earlier"
  case lostRoot = "lost-root"
  case lostSize = "lost-size"
  case machine
  case member
  case metadataCommitment = "metadata-commitment"
  case metadataEnvelopeSHA256 = "metadata-envelope-sha256"
  case metadataEnvelopesSHA256 = "metadata-envelopes-sha256"
  case metadataGeneration = "metadata-generation"
  case metadataSHA256 = "metadata-sha256"
  case name
  case previousSHA256 = "previous-sha256"
  case quarantineSHA256 = "quarantine-sha256"
  case reason
  case reasonSHA256 = "reason-sha256"
  case request
  case requestSHA256 = "request-sha256"
  case restored
  case revision
  case revoked
  case role
  case root
  case scopeSHA256 = "scope-sha256"
  case sealedDestinationSHA256 = "sealed-destination-sha256"
  case sealedExpirySHA256 = "sealed-expiry-sha256"
  case sealedMetadataSHA256 = "sealed-metadata-sha256"
  case sealedReasonSHA256 = "sealed-reason-sha256"
  case seedSHA256 = "seed-sha256"
  case signKey = "sign-key"
  case size
  case source
  case tag
  case to
  case until
  case valueSHA256 = "value-sha256"
  case without
  case wrapsSHA256 = "wraps-sha256"

  /// The syntax of a detail's value, checked when an entry is written and when one is read.
  enum Syntax {
    case digest, cosignature, identifier, identifiers, number, time, role, leaving, source, machine, name, text
  }

  var syntax: Syntax {
    switch self {
    case .auditKey, .boxKey, .checkpointKey, .commitment, .cosignKey, .destinationSHA256, .envelopeSHA256,
      .envelopesSHA256, .expirySHA256, .lostRoot, .metadataCommitment, .metadataEnvelopeSHA256,
      .metadataEnvelopesSHA256, .metadataSHA256, .previousSHA256, .quarantineSHA256, .reasonSHA256, .requestSHA256,
      .root, .scopeSHA256, .sealedDestinationSHA256, .sealedExpirySHA256, .sealedMetadataSHA256, .sealedReasonSHA256,
      .seedSHA256, .signKey, .tag, .valueSHA256, .wrapsSHA256:
      .digest
    case .cosignature: .cosignature
    case .connector, .item, .member, .request, .to: .identifier
    case .count, .generation, .lostSize, .metadataGeneration, .restored, .revision, .size: .number
    case .without: .identifiers
    case .revoked, .until: .time
    case .role: .role
    case .how: .leaving
    case .source: .source
    case .machine: .machine
    case .name: .name
    case .filter, .format, .lostEarlier, .reason: .text
    }
  }

  /// Position in `allCases`, which is in byte order.
  var place: Int { Self.places[self] ?? 0 }
  private static let places = Dictionary(allCases.enumerated().map { ($1, $0) }) { first, _ in first }

  package static func < (one: DetailKey, other: DetailKey) -> Bool { one.place < other.place }
}

/// A set of detail keys.
package struct DetailKeys: Equatable, Sendable, Sequence, ExpressibleByArrayLiteral {
  /// One bit for each key, by its place in `allCases`. A bit set, because it is read several times for each entry.
  private var bits: UInt64 = 0

  init() {}
  init(_ keys: [DetailKey]) { for key in keys { insert(at: key.place) } }
  package init(arrayLiteral keys: DetailKey...) { self.init(keys) }

  mutating func insert(at place: Int) { bits |= 1 << UInt64(place) }

  package func contains(_ key: DetailKey) -> Bool { bits >> UInt64(key.place) & 1 == 1 }
  func isDisjoint(with other: DetailKeys) -> Bool { bits & other.bits == 0 }

  /// The first key that is not in `others`.
  func first(besides others: DetailKeys) -> DetailKey? {
    let rest = bits & ~others.bits
    return rest == 0 ? nil : DetailKey.allCases[rest.trailingZeroBitCount]
  }

  /// Iterates in byte order of the keys.
  package func makeIterator() -> [DetailKey].Iterator { DetailKey.allCases.filter(contains).makeIterator() }
}
