import Foundation

enum ReplyJSON {
  /// JSON text with sorted keys. The sandbox's own structs of strings and numbers always encode; `{}` stands for a
  /// failure that can't happen.
  static func make(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
  }

  static func read<Value: Decodable>(_ body: Data) -> Value? { try? JSONDecoder().decode(Value.self, from: body) }
}
