public import CustodyEvidence
/// Options of an exchange.
public struct ExchangeOptions: Sendable {
  /// The least remaining life, by this machine's clock, at which a kept access token is used instead of asking the
  /// provider. If nil, a fifth of the token's whole life, but at most 300 s. Never less than 60 s, since clocks differ.
  public var minLife: Duration?
  /// Ignores kept access tokens, unless another process asked for a new one while this call waited for it.
  public var isFresh = false
  /// Contacts the provider even if it refused this token before, or if the last attempt's outcome is unknown.
  public var asksAgain = false
  /// A file of certificate authorities, PEM, that alone are trusted; the system's if nil.
  public var caFile: String?
  /// Time limit for the provider's answer, redirects and retries included. 30 s.
  public var timeLimit: Duration = .seconds(30)
  /// Time to wait for another process that is exchanging the same token. 60 s.
  public var patience: Duration = .seconds(60)

  /// The allowance for differing clocks: a token with less life than this may be dead for the provider already.
  package static let skew: Duration = .seconds(60)

  /// Called with one line for each oddity in a reply that was ignored.
  public var warn: (@Sendable (Hint) -> Void)?

  /// The defaults.
  public init() {}

  /// The least remaining life of a kept access token when the caller sets none.
  static func usualMinLife(of life: Duration) -> Duration { min(max(life / 5, skew), .seconds(300)) }
}
