import Foundation

/// The documents have the PIN as a number; people's clients also send it as text.
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
