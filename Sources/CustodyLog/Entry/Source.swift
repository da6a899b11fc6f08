/// The origin of a value if it is not the usual one.
public enum Source: String, CaseIterable, Sendable {
  /// An access token kept from an earlier exchange: the provider was not contacted.
  case cache
  /// A refresh token that came from the provider into the vault by a login in a browser.
  case login
  /// A refresh token that came from the provider into the vault by a device code.
  case device
}
