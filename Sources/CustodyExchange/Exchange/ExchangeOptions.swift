public import CustodyEvidence
/// How an exchange is to be made.
public struct ExchangeOptions: Sendable {
  /// A kept access token will do if it lives at least this long by this machine's clock. Nothing leaves it to the token's own
  /// life: a fifth of that, and at most 300 s. The least that is taken is `skew`, for clocks that differ.
  public var minLife: Duration?
  /// A kept access token won't do, unless another process asked for it while this one waited.
  public var isFresh = false
  /// Asks in spite of a refusal, or of an outcome that nobody knows.
  public var asksAgain = false
  /// A file of certificate authorities that alone are trusted; without it the system's are.
  public var caFile: String?
  /// For the provider's answer, with redirects and retries.
  public var timeLimit: Duration = .seconds(30)
  /// For another process that exchanges the same token.
  public var patience: Duration = .seconds(60)

  /// How far two clocks may differ before a token that seems alive is dead for the provider.
  package static let skew: Duration = .seconds(60)

  /// Called with what of a reply was odd and passed over, a line each.
  public var warn: (@Sendable (Hint) -> Void)?

  public init() {}

  /// How much of an access token's life must be left where nobody says so.
  static func usualMinLife(of life: Duration) -> Duration { min(max(life / 5, skew), .seconds(300)) }
}
