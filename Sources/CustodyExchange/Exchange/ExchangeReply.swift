package import CustodySecrets

/// What a provider gave for a refresh token.
package struct ExchangeReply: ~Copyable {
  package let accessToken: SecureBytes
  /// Only a token that differs from the one that was sent. Store it before the access token goes anywhere.
  package let refreshToken: SecureBytes?
  /// When the access token ends, in milliseconds since 1970; nothing where neither provider nor preset says.
  package let expires: Int64?
  /// When the refresh token ends that is good from now on, where the reply says so.
  package let refreshExpires: Int64?
  package let scopes: [String]
  /// Where the access token is good for calls: checked against the preset's hosts, without a slash at its end.
  package let apiBase: String?
  package let tokenType: String?
  /// What of the reply was odd and passed over.
  package let warnings: [String]
  /// Why the new refresh token in it is of no use. The one that was sent may be dead all the same.
  package let refreshFlaw: ExchangeError?

  /// Hands out the secrets, which end this value. A noncopyable pair can't be a tuple.
  package consuming func tokens() -> Tokens { Tokens(access: accessToken, refresh: refreshToken) }

  package struct Tokens: ~Copyable {
    package var access: SecureBytes
    package var refresh: SecureBytes?
  }
}
