public import CustodyEvidence
package import Custody
internal import CustodyJSON

extension Preset {
  /// The preset of a connector: the one sealed with it, or else Custody's own. The connector's facts about its provider
  /// and its way of authentication are applied. Presets that are only on this machine play no part.
  package static func forConnector(_ connector: ConnectorDetails) throws(VaultError) -> Preset {
    let known = connector.preset == nil ? try own(of: connector) : try sealed(with: connector)
    let preset = known.isGeneric ? known.told(connector.facts) : known
    guard let wanted = connector.clientAuthentication else { return preset }
    guard let way = ClientAuthentication(rawValue: wanted), let chosen = preset.authenticating(by: way) else {
      let ways = [preset.clientAuthentication].compactMap { $0 } + preset.otherClientAuthentications
      throw VaultError(
        .badPreset, "provider \"\(preset.id)\" does not let a connector authenticate by \"\(wanted)\"",
        subject: connector.name,
        hint: ways.isEmpty
          ? "leave out \(step: .leaveOut(.clientAuthentication))"
          : "say \(ways.map(\.rawValue).joined(separator: " or "))")
    }
    return chosen
  }

  private static func own(of connector: ConnectorDetails) throws(VaultError) -> Preset {
    if let preset = named(connector.provider) { return preset }
    throw VaultError(
      .badPreset, "there is no provider \"\(connector.provider)\"", subject: connector.provider,
      hint: "list them: \(step: .listProviders)")
  }

  private static func sealed(with connector: ConnectorDetails) throws(VaultError) -> Preset {
    let reason: String
    do {
      let preset = try Preset(parsing: Array((connector.preset ?? "").utf8))
      if preset.id == connector.provider { return preset }
      reason = "it is of provider \"\(preset.id)\""
    } catch {
      reason = error.reason
    }
    throw VaultError(
      .badPreset, "cannot use the preset that is sealed with \"\(connector.name)\": \(reason)", subject: connector.name,
      hint: "a newer Custody may know it; else type \(step: .renewPreset)")
  }
}

extension ConnectorDetails {
  /// Seals a preset with the connector, unless it equals one that is built into Custody.
  public mutating func seal(_ given: Preset) {
    preset = Preset.named(given.id)?.json == given.json ? nil : given.json.text()
  }
}
