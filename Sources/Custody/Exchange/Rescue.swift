internal import CustodyCrypto
internal import CustodyValues

/// A new refresh token that the vault could not take (a full disk, a lock that stays), sealed as it would have been, in a
/// file whose room was taken before the request left.
struct Rescue {
  static let magic = Array("custody-rescue/v1\n".utf8)
  /// Room for a token of 15 KiB; longer ones grow the file if they can.
  static let room = 16 * 1024
  private static let headCount = magic.count + 6 * 8

  /// Of the token that was sent, and the position of the entry that made it.
  var revision: UInt64
  var made: UInt64
  /// Of the data key that it is sealed under.
  var generation: UInt64
  /// That data key for who saved it: a rekey before it is taken in leaves it readable.
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
  /// Nil for a file with nothing in it.
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
