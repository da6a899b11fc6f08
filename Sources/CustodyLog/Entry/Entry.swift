package import CustodyValues
internal import CustodyCrypto

/// One act as its author signed it: a C2SP signed note. Its bytes are stored and exported unchanged.
package struct Entry: Sendable {
  package static let firstLine = "custody-entry/v1"
  /// Longest entry in bytes. tlog-tiles allows 65,535; what people write fits in far less.
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
  /// The end of the signed text: the index after its last LF.
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

  /// The signed text.
  package var text: [UInt8] { Array(bytes[..<textEnd]) }

  package static func keyName(origin: String, member: Identifier) -> String { origin + "/" + member.hex }

  /// True if the entry has one signature, and it verifies under this Ed25519 key with the author's key name.
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

  /// All details in the entry's order, which is the byte order of their keys.
  package var allDetails: [(key: DetailKey, value: String)] {
    details.map { ($0.key, String(decoding: bytes[$0.value], as: UTF8.self)) }
  }

  // The grammar has checked each value's syntax, so these are nil only if the detail is absent.
  package func text(_ key: DetailKey) -> String? { raw(key).map { String(decoding: $0, as: UTF8.self) } }
  package func digest(_ key: DetailKey) -> Digest? { raw(key).flatMap { Base64.digest($0) } }
  /// The cosignature's payload: its time in 8 bytes, then the signature in 64.
  package var cosignature: [UInt8]? { raw(.cosignature).flatMap { Base64.decode($0) } }
  package func identifier(_ key: DetailKey) -> Identifier? { raw(key).flatMap { Identifier(hex: $0) } }
  /// The IDs of a list. Empty if the detail is absent.
  package func identifiers(_ key: DetailKey) -> [Identifier] { raw(key).flatMap { Identifiers.parse($0) } ?? [] }
  package func number(_ key: DetailKey) -> UInt64? { raw(key).flatMap { Decimal.parse($0) } }
  package func time(_ key: DetailKey) -> Timestamp? { raw(key).flatMap { Timestamp(rfc3339: $0) } }
  package func role(_ key: DetailKey) -> Role? { text(key).flatMap { Role(rawValue: $0) } }
  package var machine: MachineUse? { text(.machine).flatMap { MachineUse(rawValue: $0) } }
}
