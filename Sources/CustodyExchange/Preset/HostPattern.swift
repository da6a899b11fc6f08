/// A pattern of hosts that a preset trusts with secrets: `api.kaiza.la` is that host alone, `*.kaiza.la` every name
/// below it, and `*` any DNS name, for presets whose token URL comes from the connector.
package struct HostPattern: Hashable, Sendable {
  package let text: String

  /// Nil unless the text is one of these forms.
  package init?(_ text: String) {
    let name = text.hasPrefix("*.") ? String(text.dropFirst(2)) : text
    let isWild = name != text
    // The name must survive as the host of a URL: with a port or a path it would be only a part.
    guard text == "*" || (try? Endpoint("https://" + name))?.host == name, !isWild || name.contains(".") else {
      return nil
    }
    self.text = text
  }

  /// True if the pattern covers the endpoint's host.
  package func allows(_ endpoint: Endpoint) -> Bool {
    if text == "*" { return !endpoint.isAddress && endpoint.host != "localhost" }
    guard text.hasPrefix("*.") else { return endpoint.host == text }
    // The dot is part of the comparison: evilkaiza.la is not below kaiza.la.
    return endpoint.host.hasSuffix(text.dropFirst(1)) && endpoint.host.utf8.count > text.utf8.count - 1
  }
}
