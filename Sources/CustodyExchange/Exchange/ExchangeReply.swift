package import CustodySecrets

/// The tokens that a provider gave for a refresh token.
package struct ExchangeReply: ~Copyable {
  /// The access token.
  package let accessToken: SecureBytes
  /// The new refresh token; nil if the reply had none or repeated the one that was sent. It must be stored before the
  /// access token goes anywhere.
  package let refreshToken: SecureBytes?
  /// End of the access token, in milliseconds since 1970; nil if neither provider nor preset says.
  package let expires: Int64?
  /// End of the refresh token that is valid from now on, in milliseconds since 1970; nil if the reply does not say.
  package let refreshExpires: Int64?
  /// Scopes that the reply names; empty if it names none.
  package let scopes: [String]
  /// Base URL of the API, checked against the preset's hosts, without a slash at its end.
  package let apiBase: String?
  /// Token type, always `bearer` in some letter case; nil if the reply names none or another.
  package let tokenType: String?
  /// Oddities in the reply that were ignored, one line each.
  package let warnings: [String]
  /// The reason why the reply's new refresh token is unusable. The one that was sent may be dead all the same.
  package let refreshFlaw: ExchangeError?

  /// Hands out the secrets, which ends this value. (Noncopyable values can't form a tuple.)
  package consuming func tokens() -> Tokens { Tokens(access: accessToken, refresh: refreshToken) }

  /// An access token and the refresh token that may have come with it.
  package struct Tokens: ~Copyable {
    package var access: SecureBytes
    package var refresh: SecureBytes?
  }
}
