public import CustodySecrets

/// What a provider gave for a refresh token.
public struct ExchangeReply: ~Copyable {
  public let accessToken: SecureBytes
  /// Only a token that differs from the one that was sent. Store it before the access token goes anywhere.
  public let refreshToken: SecureBytes?
  /// When the access token ends, in milliseconds since 1970; nothing where neither provider nor preset says.
  public let expires: Int64?
  /// When the refresh token ends that is good from now on, where the reply says so.
  public let refreshExpires: Int64?
  public let scopes: [String]
  /// Where the access token is good for calls: checked against the preset's hosts, without a slash at its end.
  public let apiBase: String?
  public let tokenType: String?
  /// What of the reply was odd and passed over.
  public let warnings: [String]
  /// Why the new refresh token in it is of no use. The one that was sent may be dead all the same.
  public let refreshFlaw: ExchangeError?

  /// Hands out the secrets, which end this value. A noncopyable pair can't be a tuple.
  public consuming func tokens() -> Tokens { Tokens(access: accessToken, refresh: refreshToken) }

  public struct Tokens: ~Copyable {
    public var access: SecureBytes
    public var refresh: SecureBytes?
  }
}
