/// Where a value came from, where that is not the usual place: an access token that was kept, and not asked for; a refresh
/// token that came from the provider straight into the vault, by a browser's login or by a device code.
public enum Source: String, CaseIterable, Sendable {
  case cache, login, device
}
