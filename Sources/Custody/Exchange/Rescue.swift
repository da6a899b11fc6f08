internal import CustodyCrypto
internal import CustodyValues

/// A new refresh token that the vault could not store (a full disk, a lock that stays), sealed as it would have been
/// there. It is written to a file whose space was reserved before the request was sent.
struct Rescue {
  static let magic = Array("custody-rescue/v1\n".utf8)
  /// Reserved size in bytes, enough for a token of 15 KiB. For longer ones the file grows if it can.
  static let room = 16 * 1024
  private static let headCount = magic.count + 6 * 8

  /// Revision of the refresh token that was sent.
  var revision: UInt64
  /// Position of the entry that made that revision.
  var made: UInt64
  /// Generation of the data key that seals the new token.
  var generation: UInt64
  /// That data key, wrapped to the member who saved the file, so that it still opens after a rekey.
  var envelope: [UInt8]
  var saved: Timestamp
  var sealed: [UInt8]

  var bytes: [UInt8] {
    var writer = OctetWriter()
    for number in [revision, made, generation, UInt64(bitPattern: saved.milliseconds)] { writer.write(number) }
    writer.write(UInt64(envelope.count))
    writer.write(UInt64(sealed.count))
    return Self.magic + writer.bytes + envelope + sealed
  }
}

extension Rescue {
  /// Nil for a file that holds no rescue.
  init?(_ bytes: [UInt8]) {
    guard bytes.starts(with: Self.magic) else { return nil }
    var reader = OctetReader(Array(bytes.dropFirst(Self.magic.count)))
    guard let revision = try? reader.number(), let made = try? reader.number(), let generation = try? reader.number(),
      let saved = try? reader.number(), let envelopeCount = try? reader.number(), let sealedCount = try? reader.number()
    else { return nil }
    let rest = bytes.dropFirst(Self.headCount)
    let (count, overflow) = envelopeCount.addingReportingOverflow(sealedCount)
    guard !overflow, count <= UInt64(rest.count) else { return nil }
    self.init(
      revision: revision, made: made, generation: generation, envelope: Array(rest.prefix(Int(envelopeCount))),
      saved: Timestamp(milliseconds: Int64(bitPattern: saved)),
      sealed: Array(rest.dropFirst(Int(envelopeCount)).prefix(Int(sealedCount))))
  }
}
