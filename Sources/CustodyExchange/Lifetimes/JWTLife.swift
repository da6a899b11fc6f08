internal import CustodyJSON
internal import CustodySecrets
internal import CustodyValues

/// A JWT's life as its claims state it. The signature is not verified here, since the provider does; a false claim can
/// only make a token's life seem shorter.
struct JWTLife {
  /// The claim `exp`, in seconds since 1970 by the issuer's clock.
  let expires: Int64
  /// The claim `iat`, in the same unit; nil if it is missing.
  let issued: Int64?

  init?(of token: borrowing SecureBytes) {
    guard let claims = JWTClaims.read(token), let expires = claims.integer(at: "exp"), 0...100_000_000_000 ~= expires
    else { return nil }
    self.expires = expires
    issued = claims.integer(at: "iat")
  }

  /// The token's end in milliseconds since 1970: the sooner of its `exp` and of its whole life counted from `asked`.
  /// The first is wrong if this machine's clock is slow, the second if the token was made earlier.
  func end(from asked: Int64) -> Int64? {
    guard let issued, issued >= 0, issued < expires else { return expires * 1000 }
    return min(expires * 1000, asked + (expires - issued) * 1000)
  }
}

/// Reads a JWT's claims in guarded memory.
enum JWTClaims {
  /// The claims; nil if the token is not three parts in base64url with an object in the middle.
  static func read(_ token: borrowing SecureBytes) -> SecretJSON? {
    var dots: [Int] = []
    for index in 0..<token.count where token.byte(at: index) == UInt8(ascii: ".") { dots.append(index) }
    guard dots.count == 2, let payload = decode(token, dots[0] + 1..<dots[1]) else { return nil }
    return try? SecretJSON(payload)
  }

  private static func decode(_ token: borrowing SecureBytes, _ range: Range<Int>) -> SecureBytes? {
    guard range.count % 4 != 1, var bytes = try? SecureBuffer(capacity: range.count) else { return nil }
    var (bits, count): (UInt32, Int) = (0, 0)
    for index in range {
      guard let digit = digit(token.byte(at: index)) else { return nil }
      (bits, count) = (bits << 6 | digit, count + 6)
      guard count >= 8 else { continue }
      count -= 8
      guard (try? bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))) != nil else { return nil }
    }
    return try? bytes.finish()
  }

  private static func digit(_ byte: UInt8?) -> UInt32? {
    switch byte {
    case .some(let byte) where UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte: UInt32(byte - UInt8(ascii: "A"))
    case .some(let byte) where UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte: UInt32(byte - UInt8(ascii: "a")) + 26
    case .some(let byte) where UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte: UInt32(byte - UInt8(ascii: "0")) + 52
    case .some(UInt8(ascii: "-")): 62
    case .some(UInt8(ascii: "_")): 63
    default: nil
    }
  }
}
