package import Custody
internal import CustodyLog
package import CustodySecrets
internal import CustodyValues

/// The header in which a provider's API takes an access token.
package struct AccessHeader: Equatable, Sendable {
  /// `Authorization: Bearer TOKEN` (RFC 6750), the default.
  package static let bearer = AccessHeader(name: "Authorization", before: "Bearer ", after: "")
  static let placeholder = "{token}"

  /// The header's name.
  package let name: String
  /// The parts of the header's value before and after the token.
  package let before: String
  package let after: String

  private init(name: String, before: String, after: String) {
    (self.name, self.before, self.after) = (name, before, after)
  }

  /// Parses `Name: value` with one `{token}` in the value; nil for anything else.
  init?(_ text: String) {
    guard let colon = text.firstIndex(of: ":") else { return nil }
    let (name, rest) = (String(text[..<colon]), text[text.index(after: colon)...])
    guard rest.first == " " else { return nil }
    let value = rest.dropFirst()
    let parts = value.split(separator: Self.placeholder, omittingEmptySubsequences: false)
    guard !name.isEmpty, name.utf8.allSatisfy(Self.isTokenCharacter), parts.count == 2,
      value.utf8.allSatisfy({ (0x20...0x7e).contains($0) })
    else { return nil }
    self.init(name: name, before: String(parts[0]), after: String(parts[1]))
  }

  /// True for the characters of a header's name (RFC 9110, section 5.6.2).
  private static func isTokenCharacter(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
  }

  /// One line of a file for `curl --config`, in whose quotes `"` and `\` are escaped. Nil if no header can hold the
  /// token.
  package func curlConfig(_ token: borrowing SecureBytes) throws(SecureMemoryError) -> SecureBytes? {
    guard !token.isEmpty, token.allSatisfy({ (0x21...0x7e).contains($0) }) else { return nil }
    var line = try SecureBuffer(capacity: token.count + 128)
    try line.append("header = \"\(Self.quoted("\(name): \(before)"))")
    for place in 0..<token.count {
      guard let byte = token.byte(at: place) else { continue }
      if byte == 0x22 || byte == 0x5c { try line.append(0x5c) }
      try line.append(byte)
    }
    try line.append("\(Self.quoted(after))\"\n")
    return try line.finish()
  }

  private static func quoted(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
  }
}

extension Session {
  /// The access header that the preset of the token's connector names.
  package func accessHeader(of token: String) throws(VaultError) -> AccessHeader {
    let id = try self.token(token).item.connector
    guard let connector = try connectors().first(where: { $0.id == id })?.details else {
      throw VaultError(
        .notShared, "cannot exchange \"\(token)\": its connector is not shared with you", subject: token,
        hint: "ask for it: \(step: .share(.connector, nil, with: nil))")
    }
    return try Preset.forConnector(connector).accessHeader
  }
}
