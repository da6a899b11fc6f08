internal import Custody

/// Providers with several data centres take a token only where it was made.
extension TokenInspection {
  func dataCentre() -> [TokenFinding] {
    guard let preset, preset.isOfDataCentres, let connector,
      let own = connector.endpoint.flatMap({ try? Endpoint($0) }), !own.isLoopback,
      let usual = usualEndpoint(preset, connector), usual.host != own.host
    else { return [] }
    return [
      TokenFinding(
        .warning, .dataCentre,
        "\(connector.name) is exchanged at \(own.host), and \(preset.id) would be asked at \(usual.host) for this token: a token of another data centre is refused",
        "make sure that the token was made there")
    ]
  }

  /// Where it would be exchanged if the connector named no place of its own.
  private func usualEndpoint(_ preset: Preset, _ connector: ConnectorDetails) -> Endpoint? {
    var connector = connector
    connector.endpoint = nil
    let subject = ExchangeSubject(token: token, connector: connector, revision: 1, connectorRevision: 1)
    return try? ExchangeRequest(subject).resolvedEndpoint()
  }
}

extension Preset {
  /// Its hosts differ by where a token was made: it sends callers on, or its URL has a place with few values.
  fileprivate var isOfDataCentres: Bool { follows308 || variables.contains { !$0.values.isEmpty } }
}
