import Foundation

/// Random values from the kernel, through Swift's system generator.
enum Chance {
  /// 32 random bytes, in base64url.
  static func opaque() -> String { Data((0..<32).map { _ in UInt8.random(in: .min ... .max) }).base64URL }

  static func guid() -> String { UUID().uuidString.lowercased() }

  /// Ten upper-case letters and digits, the shape of every connector secret seen in public.
  static func secret() -> String {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
    return String((0..<10).map { _ in letters[Int.random(in: letters.indices)] })
  }

  /// Six digits without a leading zero, because the API has the PIN as a number.
  static func pin() -> Int { Int.random(in: 100_000...999_999) }
}

extension Data {
  var base64URL: String {
    base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
  }
}
