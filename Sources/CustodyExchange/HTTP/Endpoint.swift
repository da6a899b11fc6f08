/// The reason why a URL can't be an endpoint.
package struct EndpointError: Error, Hashable, Sendable {
  package let reason: String
}

/// A URL that may receive secrets: `https`, or `http` to this machine. Nothing is guessed or repaired, because two
/// parsers of a lenient URL can see two hosts in it.
package struct Endpoint: Hashable, Sendable {
  /// True for `https`.
  package let isSecure: Bool
  /// The host, in lower case; an IPv6 address with its brackets.
  package let host: String
  /// The port; nil if the URL names none.
  package let port: Int?
  /// Path and query, from the first slash on.
  package let target: String

  /// Parses a URL of at most 2000 bytes.
  ///
  /// - Throws: the reason why it can't be an endpoint.
  package init(_ text: String) throws(EndpointError) {
    guard text.utf8.count <= 2000, text.utf8.allSatisfy({ 0x21...0x7E ~= $0 && !#""<>\^`{|}"#.utf8.contains($0) })
    else {
      throw EndpointError(reason: "it is too long or has characters that no URL has")
    }
    guard !text.contains("#") else { throw EndpointError(reason: "it has a fragment") }
    let rest: Substring
    if text.hasPrefix("https://") {
      (isSecure, rest) = (true, text.dropFirst(8))
    } else if text.hasPrefix("http://") {
      (isSecure, rest) = (false, text.dropFirst(7))
    } else {
      throw EndpointError(reason: "it does not begin with https://")
    }
    let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
    (host, port) = try Self.authority(rest[..<end])
    target = try Self.target(rest[end...])
    guard isSecure || isLoopback else {
      throw EndpointError(reason: "plain http goes to this machine only, and \"\(host)\" is another")
    }
  }

  /// True for this machine: 127.0.0.0/8, ::1, and `localhost`, for which libcurl never asks a name server.
  package var isLoopback: Bool {
    host == "localhost" || host == "[::1]" || host.hasPrefix("127.") && Self.isAddress(host)
  }

  /// True for a numeric address, which identifies a machine but not its owner.
  package var isAddress: Bool { host.hasPrefix("[") || Self.isAddress(host) }

  /// Scheme, host and port.
  package var origin: String { (isSecure ? "https://" : "http://") + host + (port.map { ":\($0)" } ?? "") }

  /// The URL as text.
  package var text: String { origin + target }

  private static func authority(_ text: Substring) throws(EndpointError) -> (host: String, port: Int?) {
    guard !text.contains("@") else { throw EndpointError(reason: "it has a user name before the host") }
    var (host, port): (Substring, Int?) = (text, nil)
    if let colon = text.lastIndex(of: ":"), !text.hasSuffix("]") {
      let digits = text[text.index(after: colon)...]
      guard let number = decimal(digits), 1...65535 ~= number else {
        throw EndpointError(reason: "its port is no port")
      }
      (host, port) = (text[..<colon], number)
    }
    let name = host.lowercased()
    guard name == "[::1]" || isName(name) else {
      throw EndpointError(reason: "its host is not a plain name or address")
    }
    return (name, port)
  }

  private static func target(_ text: Substring) throws(EndpointError) -> String {
    let bytes = Array(text.utf8)
    for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: "%") {
      guard index + 2 < bytes.count, isHex(bytes[index + 1]), isHex(bytes[index + 2]) else {
        throw EndpointError(reason: "it has a % without two hex digits")
      }
    }
    let path = text.prefix { $0 != "?" }
    guard !path.split(separator: "/").contains(where: { $0 == "." || $0 == ".." }) else {
      throw EndpointError(reason: "its path has . or ..")
    }
    return path.isEmpty ? "/" + text : String(text)
  }

  /// True for a DNS name or four plain decimals. Other spellings of addresses (127.1, 0x7f000001) are refused.
  private static func isName(_ host: String) -> Bool {
    let labels = host.split(separator: ".", omittingEmptySubsequences: false)
    guard host.utf8.count <= 253, labels.allSatisfy({ isLabel($0) }), let last = labels.last else { return false }
    return !last.utf8.allSatisfy { isDigit($0) } && !last.hasPrefix("0x") || isAddress(host)
  }

  private static func isLabel(_ label: Substring) -> Bool {
    1...63 ~= label.utf8.count && !label.hasPrefix("-") && !label.hasSuffix("-")
      && label.utf8.allSatisfy { isDigit($0) || UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 || $0 == UInt8(ascii: "-") }
  }

  private static func isAddress(_ host: String) -> Bool {
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts.allSatisfy { decimal($0).map { $0 <= 255 } ?? false }
  }

  /// The number of a text of digits; nil with a sign or a leading zero.
  static func decimal(_ text: Substring) -> Int? {
    guard text.utf8.allSatisfy({ isDigit($0) }), text == "0" || !text.hasPrefix("0") else { return nil }
    return Int(text)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }

  private static func isHex(_ byte: UInt8) -> Bool {
    isDigit(byte) || UInt8(ascii: "a")...UInt8(ascii: "f") ~= byte | 0x20
  }
}
