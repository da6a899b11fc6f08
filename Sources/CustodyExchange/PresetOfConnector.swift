public import Custody

extension Preset {
  /// A connector's preset, with its ID and secret in the places that its way of authenticating asks for.
  public static func forConnector(_ connector: ConnectorDetails) throws(VaultError) -> Preset {
    guard let preset = Preset.named(connector.provider) else {
      throw VaultError(
        .badPreset, "there is no provider \"\(connector.provider)\"", subject: connector.provider,
        hint: "list them: \"custody provider list\"")
    }
    guard let wanted = connector.clientAuthentication else { return preset }
    guard let way = ClientAuthentication(rawValue: wanted), let chosen = preset.authenticating(by: way) else {
      let ways = [preset.clientAuthentication].compactMap { $0 } + preset.otherClientAuthentications
      throw VaultError(
        .badPreset, "provider \"\(preset.id)\" does not let a connector authenticate by \"\(wanted)\"",
        subject: connector.name,
        hint: ways.isEmpty ? "leave out --client-auth" : "say \(ways.map(\.rawValue).joined(separator: " or "))")
    }
    return chosen
  }
}
