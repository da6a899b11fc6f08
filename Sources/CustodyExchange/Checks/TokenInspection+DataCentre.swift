internal import CustodyEvidence
internal import Custody

/// Providers with several data centres take a token only where it was made.
extension TokenInspection {
  func dataCentre() -> [TokenFinding] {
    guard let preset, let connector else { return [] }
    guard let endpoint = connector.endpoint else { return taken(preset) }
    guard preset.isOfDataCentres, let own = try? Endpoint(endpoint), !own.isLoopback,
      let usual = usualEndpoint(preset, connector), usual.host != own.host
    else { return [] }
    return [
      TokenFinding(
        .warning, .dataCentre,
        "\(connector.name) is exchanged at \(own.host), and this token would be at \(usual.host): one data centre refuses another's",
        "make sure that it was made for \(own.host)")
    ]
  }

  /// Where nobody named the data centre.
  private func taken(_ preset: Preset) -> [TokenFinding] {
    preset.variables.compactMap { variable in
      guard !variable.values.isEmpty, token.variables[variable.name] == nil, let standard = variable.standard else {
        return nil
      }
      return TokenFinding(
        .warning, .dataCentre,
        "it is taken to be of \(variable.name) \(standard) (\(variable.title)); another would refuse it",
        "say \(step: .give(.variable(variable.name))) where it is stored")
    }
  }

  /// Where it would be exchanged if the connector named no place of its own.
  private func usualEndpoint(_ preset: Preset, _ connector: ConnectorDetails) -> Endpoint? {
    // Where the data centre is the token's to say, and it said nothing, the connector's is as good as any.
    guard preset.follows308 || !token.variables.isEmpty else { return nil }
    var connector = connector
    connector.endpoint = nil
    let subject = ExchangeSubject(token: token, connector: connector, revision: 1)
    return try? ExchangeRequest(subject).resolvedEndpoint()
  }
}

extension Preset {
  /// Its hosts differ by where a token was made: one sends callers on to the others, or its URL has a place with few values.
  fileprivate var isOfDataCentres: Bool { follows308 || variables.contains { !$0.values.isEmpty } }
}
