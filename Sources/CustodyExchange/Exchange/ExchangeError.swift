/// Why no access token came of it, and whose move it is. Equal by code.
public struct ExchangeError: Error, Sendable {
  /// A struct, so that codes can be added.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    private enum Name: String {
      case refusedByProvider, wrongClient, requestRefused, throttled, providerFailed
      case timedOut, unreachable, proxyRefused, replyLost, tlsFailed, redirected
      case replyTooLarge, replyNotJSON, replyIncomplete, replyMalformed
      case badEndpoint, badPreset, unsendable, libcurlMissing, noMemory
    }
    private let name: Name

    public var description: String { name.rawValue }

    private init(name: Name) { self.name = name }

    init?(_ description: String) {
      guard let name = Name(rawValue: description) else { return nil }
      self.init(name: name)
    }

    /// The refresh token is dead, expired or taken back.
    public static let refusedByProvider = Code(name: .refusedByProvider)
    /// The connector's ID or secret is wrong, or the secret has expired.
    public static let wrongClient = Code(name: .wrongClient)
    /// The provider refused what was asked for, for another reason.
    public static let requestRefused = Code(name: .requestRefused)
    public static let throttled = Code(name: .throttled)
    public static let providerFailed = Code(name: .providerFailed)
    public static let timedOut = Code(name: .timedOut)
    /// No connection; nothing was sent.
    public static let unreachable = Code(name: .unreachable)
    /// The proxy of the environment would not, or can't be used; nothing was sent.
    public static let proxyRefused = Code(name: .proxyRefused)
    /// The request may have arrived, and the reply did not.
    public static let replyLost = Code(name: .replyLost)
    public static let tlsFailed = Code(name: .tlsFailed)
    public static let redirected = Code(name: .redirected)
    public static let replyTooLarge = Code(name: .replyTooLarge)
    public static let replyNotJSON = Code(name: .replyNotJSON)
    /// There is no access token in it.
    public static let replyIncomplete = Code(name: .replyIncomplete)
    /// A part of it can't be what it should be.
    public static let replyMalformed = Code(name: .replyMalformed)
    public static let badEndpoint = Code(name: .badEndpoint)
    public static let badPreset = Code(name: .badPreset)
    /// A secret, ID or scope has bytes that can't go where the preset puts it.
    public static let unsendable = Code(name: .unsendable)
    public static let libcurlMissing = Code(name: .libcurlMissing)
    public static let noMemory = Code(name: .noMemory)

    public var move: Move {
      switch name {
      case .refusedByProvider: .admin
      case .wrongClient, .requestRefused, .tlsFailed, .proxyRefused, .redirected, .badEndpoint, .badPreset,
        .unsendable, .libcurlMissing:
        .developer
      case .replyTooLarge, .replyNotJSON, .replyIncomplete, .replyMalformed: .provider
      case .throttled, .providerFailed, .timedOut, .unreachable, .replyLost, .noMemory: .tryAgain
      }
    }

    /// The provider understood the request and said no.
    var isAnswer: Bool { [.refusedByProvider, .wrongClient, .requestRefused, .throttled, .redirected].contains(self) }

    /// The next thing to do.
    public var hint: String {
      switch name {
      case .refusedByProvider: "an admin must generate a new refresh token at the provider and store it"
      case .wrongClient: "check the connector's ID and secret at the provider; secrets expire"
      case .requestRefused: "check the connector's permissions and the scope that was asked for"
      case .throttled: "wait and try again"
      case .providerFailed, .timedOut, .unreachable: "try again; if it lasts, look at the provider's status page"
      case .proxyRefused: "check https_proxy, all_proxy and no_proxy in the environment"
      case .replyLost:
        "the provider may have acted on the request: see what the preset says of old tokens before a retry"
      case .tlsFailed: "check the endpoint's name and the certificate authority"
      case .redirected: "check the endpoint's URL; secrets are not sent where a reply points to"
      case .replyTooLarge, .replyNotJSON, .replyIncomplete, .replyMalformed:
        "check that the endpoint is the provider's token endpoint"
      case .badEndpoint: "give an https URL on a host that the preset allows"
      case .badPreset: "correct the preset"
      case .unsendable: "store the value again, without line ends or other characters that no header can carry"
      case .libcurlMissing: "install libcurl 4 (Debian: libcurl4)"
      case .noMemory: "free memory, or raise the limit on locked memory"
      }
    }
  }

  public enum Move: String, Sendable { case developer, admin, provider, tryAgain }

  public let code: Code
  /// What could not be done and why, without anything secret.
  public let reason: String
  public internal(set) var status: Int?
  /// The provider's own words: escaped, cut, and rid of the secrets that were sent.
  public internal(set) var providerCode: String?
  public internal(set) var providerText: String?
  /// Seconds.
  public internal(set) var retryAfter: Int?
  /// Whether the provider may have seen the request, and so may have rotated the token.
  public internal(set) var mayHaveArrived = false
  /// The provider itself said that it did not do what was asked.
  var isNo = false
  /// The reply was read, and there was no new refresh token in it.
  var hasNoRotation = false
  /// What to do, where that is more than the code tells.
  var advice: String?
  /// A new refresh token out of a reply that is otherwise no good. Store it: the old one may be dead.
  public internal(set) var rescued: RescuedToken?

  public var move: Move { code.move }
  public var hint: String { advice ?? code.hint }

  init(_ code: Code, _ reason: String) { (self.code, self.reason) = (code, reason) }
}

extension ExchangeError: Equatable {
  public static func == (one: ExchangeError, other: ExchangeError) -> Bool { one.code == other.code }
}
