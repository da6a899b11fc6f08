package import CustodyEvidence

/// Why no access token came of it, and whose move it is. Equal by code.
package struct ExchangeError: Error, Sendable {
  /// A struct, so that codes can be added.
  package struct Code: Hashable, Sendable, CustomStringConvertible {
    enum Name: CaseIterable {
      case refusedByProvider, wrongClient, requestRefused, throttled, providerFailed
      case timedOut, unreachable, proxyRefused, replyLost, tlsFailed, redirected
      case replyTooLarge, replyNotJSON, replyIncomplete, replyMalformed
      case badEndpoint, badPreset, unsendable, libcurlMissing, noMemory
    }
    /// For a table that the compiler holds to be whole.
    let name: Name

    package var description: String { "\(name)" }

    package static var all: [Code] { Name.allCases.map { Code(name: $0) } }

    /// The refresh token is dead, expired or taken back.
    package static let refusedByProvider = Code(name: .refusedByProvider)
    /// The connector's ID or secret is wrong, or the secret has expired.
    package static let wrongClient = Code(name: .wrongClient)
    /// The provider refused what was asked for, for another reason.
    package static let requestRefused = Code(name: .requestRefused)
    package static let throttled = Code(name: .throttled)
    package static let providerFailed = Code(name: .providerFailed)
    package static let timedOut = Code(name: .timedOut)
    /// No connection; nothing was sent.
    package static let unreachable = Code(name: .unreachable)
    /// The proxy of the environment would not, or can't be used; nothing was sent.
    package static let proxyRefused = Code(name: .proxyRefused)
    /// The request may have arrived, and the reply did not.
    package static let replyLost = Code(name: .replyLost)
    package static let tlsFailed = Code(name: .tlsFailed)
    package static let redirected = Code(name: .redirected)
    package static let replyTooLarge = Code(name: .replyTooLarge)
    package static let replyNotJSON = Code(name: .replyNotJSON)
    /// There is no access token in it.
    package static let replyIncomplete = Code(name: .replyIncomplete)
    /// A part of it can't be what it should be.
    package static let replyMalformed = Code(name: .replyMalformed)
    package static let badEndpoint = Code(name: .badEndpoint)
    package static let badPreset = Code(name: .badPreset)
    /// A secret, ID or scope has bytes that can't go where the preset puts it.
    package static let unsendable = Code(name: .unsendable)
    package static let libcurlMissing = Code(name: .libcurlMissing)
    package static let noMemory = Code(name: .noMemory)

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

    /// The provider understood the request and said no.
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

  package enum Move: String, Sendable { case developer, admin, provider, tryAgain }

  package let code: Code
  /// What could not be done and why, without anything secret.
  package let reason: String
  package internal(set) var status: Int?
  /// The provider's own words: escaped, cut, and rid of the secrets that were sent.
  package internal(set) var providerCode: String?
  package internal(set) var providerText: String?
  /// Seconds.
  package internal(set) var retryAfter: Int?
  /// Whether the provider may have seen the request, and so may have rotated the token.
  package internal(set) var mayHaveArrived = false
  /// The provider itself said that it did not do what was asked.
  var isNo = false
  /// The reply was read, and there was no new refresh token in it.
  var hasNoRotation = false
  /// What to do, where that is more than the code tells.
  var advice: Hint?
  /// A new refresh token out of a reply that is otherwise no good. Store it: the old one may be dead.
  package internal(set) var rescued: RescuedToken?

  package var move: Move { code.move }
  package var hint: Hint { advice ?? code.hint }

  init(_ code: Code, _ reason: String) { (self.code, self.reason) = (code, reason) }
}

extension ExchangeError: Equatable {
  package static func == (one: ExchangeError, other: ExchangeError) -> Bool { one.code == other.code }
}
