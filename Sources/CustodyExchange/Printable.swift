internal import CustodyJSON

/// Text from outside, made fit to be shown on one line of a terminal.
enum Printable {
  /// The JSON writer knows which characters could rewrite a terminal.
  static func escape(_ text: String, atMost characters: Int) -> String {
    String(JSONValue.string(text).text().dropFirst().dropLast().prefix(characters))
  }
}
