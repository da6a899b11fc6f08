import CustodyJSON
import CustodyLog
import CustodyValues

extension [Damage] {
  private static var most: Int { 20 }

  var json: JSONValue {
    .array(
      map { damage in
        [
          "kind": damage.kind.map { .string($0.rawValue) } ?? .null,
          "item": damage.item.map { .string($0.hex) } ?? .null,
          "what": .string(damage.words), "index": damage.index.map { .integer($0) } ?? .null,
          "author": damage.author.map { .string($0) } ?? .null,
        ]
      })
  }

  /// Prints the damage to standard error: the first 20 of it, and how many more there are.
  func say() {
    for damage in prefix(Self.most) { Console.warn("damaged: \(PrintableText.escape(damage.text))") }
    if count > Self.most {
      Console.warn("damaged: \(count - Self.most) more; \"custody log verify --json\" names them")
    }
  }
}
