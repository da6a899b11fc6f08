package import CustodyValues

/// C2SP's cosignature/v1: the signer states that, at this time, they had seen the log lead on to this checkpoint.
package enum Cosignature {
  /// Length of a payload in bytes: time and signature.
  static let width = 8 + 64

  /// The message to sign. `seconds` are since 1970; `checkpoint` is the checkpoint's text.
  package static func message(_ seconds: UInt64, _ checkpoint: [UInt8]) -> [UInt8] {
    Array("cosignature/v1\ntime \(seconds)\n".utf8) + checkpoint
  }

  /// The payload of the signature line: the time in 8 bytes, big-endian, then the signature in 64.
  package static func payload(_ seconds: UInt64, _ signature: [UInt8]) -> [UInt8] {
    seconds.bigEndianBytes() + signature
  }

  package static func parse(_ payload: [UInt8]) -> (seconds: UInt64, signature: [UInt8])? {
    guard payload.count == width else { return nil }
    return (UInt64(bigEndianBytes: payload[..<8]), Array(payload[8...]))
  }

  package static func time(_ seconds: UInt64) -> Timestamp {
    Timestamp(milliseconds: Int64(clamping: min(seconds, UInt64(Int64.max / 1000))) * 1000)
  }
}

extension Member {
  /// The key with which the member cosigns. Its name is the member's key name; its type tells it from their other keys.
  package func cosignatureKey(origin: String) -> VerifierKey {
    VerifierKey(name: Entry.keyName(origin: origin, member: id), kind: .cosignature, publicKey: keys.cosignatures.bytes)
  }

  package func checkpointKey(origin: String) -> VerifierKey {
    VerifierKey(name: origin, ed25519: keys.checkpoints.bytes)
  }
}
