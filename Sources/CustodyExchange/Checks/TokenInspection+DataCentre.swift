internal import CustodyEvidence
internal import Custody

/// Checks of data centres: some providers accept a token only in the data centre where it was made.
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

  /// Warnings for variables such as a data centre that were left at their default.
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

  /// The endpoint that would be used if the connector named none.
  private func usualEndpoint(_ preset: Preset, _ connector: ConnectorDetails) -> Endpoint? {
    // If the data centre depends on the token and the token names none, the connector's is as good as any.
    guard preset.follows308 || !token.variables.isEmpty else { return nil }
    var connector = connector
    connector.endpoint = nil
    let subject = ExchangeSubject(token: token, connector: connector, revision: 1)
    return try? ExchangeRequest(subject).resolvedEndpoint()
  }
}

extension Preset {
  /// True if the preset has several data centres: it follows redirects between them, or its URL has a variable with
  /// listed values.
  fileprivate var isOfDataCentres: Bool { follows308 || variables.contains { !$0.values.isEmpty } }
}
