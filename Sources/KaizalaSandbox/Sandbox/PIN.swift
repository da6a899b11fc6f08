import Foundation

/// A PIN in a request. The documents have it as a number; some clients send it as text.
struct PIN: Decodable {
  let number: Int

  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if let number = try? value.decode(Int.self) {
      self.number = number
    } else {
      guard let number = Int(try value.decode(String.self)) else {
        throw DecodingError.dataCorruptedError(in: value, debugDescription: "a PIN is digits")
      }
      self.number = number
    }
  }
}
