import Foundation

enum JSONText {
  /// Our own structs of strings and numbers always encode; the empty object stands for what cannot happen.
  static func make(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
  }

  static func read<Value: Decodable>(_ body: Data) -> Value? { try? JSONDecoder().decode(Value.self, from: body) }
}

struct EmptyObject: Encodable {}

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
