package import CustodyEvidence

/// The failure of an exchange. Errors with the same code are equal.
package struct ExchangeError: Error, Sendable {
  /// The kind of failure. A struct over an internal enum, so that codes can be added.
  package struct Code: Hashable, Sendable, CustomStringConvertible {
    enum Name: CaseIterable {
      case refusedByProvider, wrongClient, requestRefused, throttled, providerFailed
      case timedOut, unreachable, proxyRefused, replyLost, tlsFailed, redirected
      case replyTooLarge, replyNotJSON, replyIncomplete, replyMalformed
      case badEndpoint, badPreset, unsendable, libcurlMissing, noMemory
    }
    /// The case, for tables that the compiler checks for completeness.
    let name: Name

    /// The code's name.
    package var description: String { "\(name)" }

    /// All codes.
    package static var all: [Code] { Name.allCases.map { Code(name: $0) } }

    /// The refresh token is dead: expired or revoked.
    package static let refusedByProvider = Code(name: .refusedByProvider)
    /// The connector's ID or secret is wrong, or the secret has expired.
    package static let wrongClient = Code(name: .wrongClient)
    /// The provider refused the request for another reason.
    package static let requestRefused = Code(name: .requestRefused)
    /// The provider received too many requests.
    package static let throttled = Code(name: .throttled)
    /// The provider failed, or asked to be tried again later.
    package static let providerFailed = Code(name: .providerFailed)
    /// No reply came within the time limit.
    package static let timedOut = Code(name: .timedOut)
    /// No connection was made; nothing was sent.
    package static let unreachable = Code(name: .unreachable)
    /// The proxy that the environment names refused or can't be used; nothing was sent.
    package static let proxyRefused = Code(name: .proxyRefused)
    /// The connection ended after the request may have arrived and before the whole reply came.
    package static let replyLost = Code(name: .replyLost)
    /// The server's certificate is not trusted, or TLS failed.
    package static let tlsFailed = Code(name: .tlsFailed)
    /// The endpoint answered with a redirect that the preset does not allow.
    package static let redirected = Code(name: .redirected)
    /// The reply is larger than the limit.
    package static let replyTooLarge = Code(name: .replyTooLarge)
    /// The reply is not readable in the form that the preset names.
    package static let replyNotJSON = Code(name: .replyNotJSON)
    /// The reply holds no access token.
    package static let replyIncomplete = Code(name: .replyIncomplete)
    /// A field of the reply has a value that it can't have.
    package static let replyMalformed = Code(name: .replyMalformed)
    /// The endpoint's URL is invalid, or on a host that the preset does not allow.
    package static let badEndpoint = Code(name: .badEndpoint)
    /// The preset can't be used.
    package static let badPreset = Code(name: .badPreset)
    /// A secret, ID or scope has bytes that can't go where the preset puts it.
    package static let unsendable = Code(name: .unsendable)
    /// libcurl.so.4 is not installed.
    package static let libcurlMissing = Code(name: .libcurlMissing)
    /// There is no guarded memory left for secrets.
    package static let noMemory = Code(name: .noMemory)

    /// The party that can remedy the failure.
    package var move: Move {
      switch name {
      case .refusedByProvider: .admin
      case .wrongClient, .requestRefused, .tlsFailed, .proxyRefused, .redirected, .badEndpoint, .badPreset,
        .unsendable, .libcurlMissing:
        .developer
      case .replyTooLarge, .replyNotJSON, .replyIncomplete, .replyMalformed: .provider
      case .throttled, .providerFailed, .timedOut, .unreachable, .replyLost, .noMemory: .tryAgain
      }
    }

    /// True if the provider understood the request and refused it.
    var isAnswer: Bool { [.refusedByProvider, .wrongClient, .requestRefused, .throttled, .redirected].contains(self) }

    /// The next thing to do.
    package var hint: Hint {
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

  /// The party that can remedy a failure: someone who sets up connectors, an admin with a new refresh token, the
  /// provider, or a retry.
  package enum Move: String, Sendable { case developer, admin, provider, tryAgain }

  /// The kind of failure.
  package let code: Code
  /// The thing that could not be done, and why, without secrets.
  package let reason: String
  /// HTTP status of the reply; nil if none came.
  package internal(set) var status: Int?
  /// The provider's error code, in its own words: escaped, cut to 200 characters, with the secrets that were sent
  /// removed.
  package internal(set) var providerCode: String?
  /// The provider's error description, cleaned like `providerCode`.
  package internal(set) var providerText: String?
  /// Seconds that the provider asks to wait.
  package internal(set) var retryAfter: Int?
  /// True if the provider may have received the request, and so may have rotated the token.
  package internal(set) var mayHaveArrived = false
  /// True if the provider itself said that it did not do what was asked.
  var isNo = false
  /// True if the reply was read and held no new refresh token.
  var hasNoRotation = false
  /// A hint that says more than the code's.
  var advice: Hint?
  /// A new refresh token from a reply that is otherwise unusable. It must be stored: the old one may be dead.
  package internal(set) var rescued: RescuedToken?

  /// The party that can remedy the failure.
  package var move: Move { code.move }
  /// The next thing to do.
  package var hint: Hint { advice ?? code.hint }

  init(_ code: Code, _ reason: String) { (self.code, self.reason) = (code, reason) }
}

extension ExchangeError: Equatable {
  package static func == (one: ExchangeError, other: ExchangeError) -> Bool { one.code == other.code }
}
