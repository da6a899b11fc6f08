/// Hosts that a preset trusts with its secrets: `api.kaiza.la` is that one, `*.kaiza.la` every name below it, and `*` any
/// DNS name, for presets whose token URL comes from the connector.
package struct HostPattern: Hashable, Sendable {
  package let text: String

  package init?(_ text: String) {
    let name = text.hasPrefix("*.") ? String(text.dropFirst(2)) : text
    let isWild = name != text
    // A name is one that stands in a URL as it is; with a port or a path the host is only a part of it.
    guard text == "*" || (try? Endpoint("https://" + name))?.host == name, !isWild || name.contains(".") else {
      return nil
    }
    self.text = text
  }

  package func allows(_ endpoint: Endpoint) -> Bool {
    if text == "*" { return !endpoint.isAddress && endpoint.host != "localhost" }
    guard text.hasPrefix("*.") else { return endpoint.host == text }
    // The dot is part of the comparison: evilkaiza.la is not below kaiza.la.
    return endpoint.host.hasSuffix(text.dropFirst(1)) && endpoint.host.utf8.count > text.utf8.count - 1
  }
}
