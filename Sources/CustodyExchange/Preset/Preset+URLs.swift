/// The URLs of a preset: their variables, and the check that each leads to a host that may receive secrets.
extension Preset {
  /// The URLs, each with the path of the key that holds it. Only the first is for a browser and receives no secret.
  private var urls: [(path: [String], url: String)] {
    let urls: [([String], String?)] = [
      (["authorize", "url"], authorize?.url), (["url"], url), (["device", "url"], device?.url),
      (["revoke", "url"], revoke?.url), (["introspect", "url"], introspect?.url),
    ]
    return urls.compactMap { path, url in url.map { (path, $0) } }
  }

  /// Every URL that receives a secret, or leads to one that does, by purpose, with its variables filled in. One that
  /// lacks a value stays as it is written.
  func secretURLs(_ values: [String: String]) -> [String: String] {
    let urls = [
      ("token", url), ("authorize", authorize?.url), ("device", device?.url), ("revoke", revoke?.url),
      ("introspect", introspect?.url),
    ]
    var found: [String: String] = [:]
    for (purpose, url) in urls { if let url { found[purpose] = (try? filled(url, values)) ?? url } }
    return found
  }

  func checkURLs() throws(PresetError) {
    var unused = Set(variables.map(\.name))
    for (path, url) in urls {
      let name = "preset." + path.joined(separator: ".")
      guard let template = URLTemplate(url) else { throw PresetError("\(name) has braces that don't match", at: path) }
      for variable in template.names {
        guard variables.contains(where: { $0.name == variable }) else {
          throw PresetError("\(name) has {\(variable)}, which preset.variables does not say", at: path)
        }
        unused.remove(variable)
      }
      for values in trials { try check(template.filled(values) ?? "", path) }
    }
    if let unused = unused.sorted().first {
      throw PresetError("preset.variables.\(unused) stands in no URL", at: ["variables", unused])
    }
  }

  /// Sets of values that together use each value of each variable, to check that none leads to another host.
  private var trials: [[String: String]] {
    let first = Dictionary(
      variables.map { ($0.name, $0.standard ?? $0.values.first ?? "example") }, uniquingKeysWith: { one, _ in one })
    return [first]
      + variables.flatMap { variable in
        variable.values.map { value in first.merging([variable.name: value]) { _, new in new } }
      }
  }

  private func check(_ url: String, _ path: [String]) throws(PresetError) {
    let name = "preset." + path.joined(separator: ".")
    let endpoint: Endpoint
    do { endpoint = try Endpoint(url) } catch {
      throw PresetError("\(name) is no URL to send secrets to: \(error.reason)", at: path)
    }
    guard endpoint.isSecure || endpoint.isLoopback else { throw PresetError("\(name) is not https", at: path) }
    guard path.first == "authorize" || endpoint.isLoopback || hosts.contains(where: { $0.allows(endpoint) }) else {
      throw PresetError("\(name) is on \"\(endpoint.host)\", which preset.hosts does not allow", at: path)
    }
  }

  /// The URL of one of the preset's calls with its variables filled in, on a host that may receive secrets.
  package func endpoint(_ template: String, _ values: [String: String]) throws(ExchangeError) -> Endpoint {
    try endpoint(filled(template, values))
  }

  /// The URL that a person's browser opens. It may be on any host, since it receives no secret.
  func browserEndpoint(_ template: String, _ values: [String: String]) throws(ExchangeError) -> Endpoint {
    do { return try Endpoint(filled(template, values)) } catch let error as ExchangeError {
      throw error
    } catch {
      throw ExchangeError(.badEndpoint, "the login page of preset \"\(id)\" has no URL to open")
    }
  }

  /// Fills in a URL's variables; those not given take their default.
  private func filled(_ template: String, _ given: [String: String]) throws(ExchangeError) -> String {
    guard let parts = URLTemplate(template) else {
      throw ExchangeError(.badPreset, "a URL of preset \"\(id)\" has braces that don't match")
    }
    let standard = Dictionary(
      variables.compactMap { variable in variable.standard.map { (variable.name, $0) } },
      uniquingKeysWith: { one, _ in one })
    let values = standard.merging(given) { $1 }
    for name in parts.names {
      guard let value = values[name] else {
        throw ExchangeError(.badEndpoint, "the URL of preset \"\(id)\" needs a value for \"\(name)\"")
      }
      guard URLTemplate.isPlain(value) else {
        throw ExchangeError(
          .badEndpoint, "the value for \"\(name)\" in the URL has other characters than letters, digits, - and .")
      }
      guard variables.first(where: { $0.name == name })?.allows(value) ?? true else {
        throw ExchangeError(.badEndpoint, "preset \"\(id)\" has no \(name) \"\(value)\"")
      }
    }
    return parts.filled(values) ?? template
  }

  /// Parses a URL that receives secrets: on a host that the preset allows, or on this machine.
  ///
  /// - Throws: `badEndpoint` for any other.
  package func endpoint(_ url: String) throws(ExchangeError) -> Endpoint {
    let endpoint: Endpoint
    do { endpoint = try Endpoint(url) } catch {
      throw ExchangeError(.badEndpoint, "cannot send secrets to this endpoint: \(error.reason)")
    }
    guard endpoint.isLoopback || hosts.contains(where: { $0.allows(endpoint) }) else {
      throw ExchangeError(
        .badEndpoint, "cannot send secrets to \"\(endpoint.host)\": preset \"\(id)\" does not allow that host")
    }
    return endpoint
  }
}
