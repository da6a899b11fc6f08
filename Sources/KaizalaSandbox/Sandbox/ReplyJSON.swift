import Foundation

enum ReplyJSON {
  /// Our own structs of strings and numbers always encode; the empty object stands for what cannot happen.
  static func make(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
  }

  static func read<Value: Decodable>(_ body: Data) -> Value? { try? JSONDecoder().decode(Value.self, from: body) }
}
