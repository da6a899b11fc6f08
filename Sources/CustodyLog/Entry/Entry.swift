package import CustodyValues
internal import CustodyCrypto

/// One act, as its author signed it: a C2SP signed note whose bytes are stored and exported as they are.
package struct Entry: Sendable {
  package static let firstLine = "custody-entry/v1"
  /// tlog-tiles could hold 65,535; what people write fits in far less.
  package static let limit = 16 * 1024
  static let valueLimit = 4096

  package let bytes: [UInt8]
  package let origin: String
  package let time: Timestamp
  package let actor: Identifier
  package let seq: UInt64
  package let seen: Seen
  package let action: Action
  package let outcome: Outcome
  let details: [(key: DetailKey, value: Range<Int>)]
  /// Where the signed text ends: behind its last LF.
  let textEnd: Int
  package let signatures: [NoteSignature]

  init(
    bytes: [UInt8], header: EntryHeader, details: [(key: DetailKey, value: Range<Int>)], textEnd: Int,
    signatures: [NoteSignature]
  ) {
    (self.bytes, self.details, self.textEnd, self.signatures) = (bytes, details, textEnd, signatures)
    (origin, time, actor, seq) = (header.origin, header.time, header.actor, header.seq)
    (seen, action, outcome) = (header.seen, header.action, header.outcome)
  }

  /// What the author signed.
  package var text: [UInt8] { Array(bytes[..<textEnd]) }

  package static func keyName(origin: String, member: Identifier) -> String { origin + "/" + member.hex }

  /// Whether the author's signature holds under this Ed25519 key, and is the only one.
  package func isSigned(by key: Digest) -> Bool {
    let name = Self.keyName(origin: origin, member: actor)
    guard signatures.count == 1, let signature = signatures.first else { return false }
    return VerifierKey(name: name, ed25519: key).verify(signature, text: text)
  }
}

extension Entry {
  package func raw(_ key: DetailKey) -> ArraySlice<UInt8>? {
    for detail in details where detail.key == key { return bytes[detail.value] }
    return nil
  }

  /// Every detail in the order in which it stands.
  package var allDetails: [(key: DetailKey, value: String)] {
    details.map { ($0.key, String(decoding: bytes[$0.value], as: UTF8.self)) }
  }

  // The grammar has checked each value's syntax, so that these are nil only where the detail is absent.
  package func text(_ key: DetailKey) -> String? { raw(key).map { String(decoding: $0, as: UTF8.self) } }
  package func digest(_ key: DetailKey) -> Digest? { raw(key).flatMap { Base64.digest($0) } }
  /// The time in eight bytes, and the signature.
  package var cosignature: [UInt8]? { raw(.cosignature).flatMap { Base64.decode($0) } }
  package func identifier(_ key: DetailKey) -> Identifier? { raw(key).flatMap { Identifier(hex: $0) } }
  /// None where the detail is absent.
  package func identifiers(_ key: DetailKey) -> [Identifier] { raw(key).flatMap { Identifiers.parse($0) } ?? [] }
  package func number(_ key: DetailKey) -> UInt64? { raw(key).flatMap { Decimal.parse($0) } }
  package func time(_ key: DetailKey) -> Timestamp? { raw(key).flatMap { Timestamp(rfc3339: $0) } }
  package func role(_ key: DetailKey) -> Role? { text(key).flatMap { Role(rawValue: $0) } }
  package var machine: MachineUse? { text(.machine).flatMap { MachineUse(rawValue: $0) } }
}
