extension ExchangeRequest {
  /// The connector's own URL or the preset's with its variables filled in, on a host that may have the secrets.
  func resolvedEndpoint() throws(ExchangeError) -> Endpoint {
    let text = if let endpoint { endpoint } else { try filledURL() }
    let resolved: Endpoint
    do { resolved = try Endpoint(text) } catch {
      throw ExchangeError(.badEndpoint, "cannot send secrets to this endpoint: \(error.reason)")
    }
    guard resolved.isLoopback || preset.hosts.contains(where: { $0.allows(resolved) }) else {
      throw ExchangeError(
        .badEndpoint, "cannot send secrets to \"\(resolved.host)\": preset \"\(preset.id)\" does not allow that host")
    }
    return resolved
  }

  private func filledURL() throws(ExchangeError) -> String {
    guard let template = preset.url else {
      throw ExchangeError(
        .badEndpoint, "preset \"\(preset.id)\" has no URL: the connector must name its token endpoint")
    }
    var (url, rest) = ("", template[...])
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      let name = String(rest[rest.index(after: open)..<close])
      guard let value = variables[name] else {
        throw ExchangeError(.badEndpoint, "the URL of preset \"\(preset.id)\" needs a value for \"\(name)\"")
      }
      guard Self.isPlain(value) else {
        throw ExchangeError(
          .badEndpoint, "the value for \"\(name)\" in the URL has other characters than letters, digits, - and .")
      }
      url += rest[..<open] + value
      rest = rest[rest.index(after: close)...]
    }
    return url + rest
  }

  /// A tenant's ID or domain, and nothing that could leave its place in the URL.
  private static func isPlain(_ value: String) -> Bool {
    1...253 ~= value.utf8.count && !value.contains("..") && value != "."
      && value.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
          UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
          true
        default: false
        }
      }
  }
}
