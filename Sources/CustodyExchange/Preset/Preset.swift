package import CustodyJSON

/// What is known of one provider's token endpoint, as data. Nothing here is a secret. docs/PRESETS.md says what each part means.
public struct Preset: Sendable {
  package enum Method: String, Sendable { case get = "GET", post = "POST" }

  package enum Body: String, Sendable { case none, form, json }

  /// Where a value goes in the request: `header:applicationId`, `form:client_id`, `json:client_id`, `basic:user`,
  /// `basic:password`.
  package enum Place: Hashable, Sendable {
    case header(String), form(String), json(String), basicUser, basicPassword
    /// A statement that the connector's secret, a private key, signs (RFC 7523); it and its type go into the body.
    case assertion
  }

  /// Whether the provider hands out a new refresh token: on each use, towards the old one's end, or as its admin chose. Where
  /// nobody knows, what exchanges of the token have brought so far tells, and before the first it counts as `always`.
  package enum Rotation: String, CaseIterable, Sendable { case never, always, late, optional, unknown }

  /// What becomes of a refresh token once it has brought a new one.
  package enum OldToken: String, CaseIterable, Sendable { case valid, dead, grace, unknown }

  /// The JSON that the preset was read from.
  package let json: JSONValue

  public let id: String
  public let title: String
  package let sources: [String]
  /// The day the facts were looked up.
  package let date: String
  /// What is worth knowing before one relies on it.
  package let notes: [String]
  /// What no primary source settles; † marks what was not read at its source.
  package let doubts: [String]

  package let method: Method
  /// With variables, as in `https://login.microsoftonline.com/{tenant}/…`; nothing where each connector names its own.
  package let url: String?
  /// What stands in braces in the URLs, each once.
  package let variables: [Variable]
  package let hosts: [HostPattern]
  /// Whether one 308 to an allowed host is followed.
  package let follows308: Bool
  package let body: Body
  package internal(set) var sends: Sends
  /// How a connector may authenticate besides what `sends` says, if it chooses so.
  package let otherClientAuthentications: [ClientAuthentication]
  /// With what an assertion is signed; nothing leaves it to the key.
  package let assertionAlgorithm: AssertionAlgorithm?
  package let reply: Reply
  /// In which its API takes the access token.
  package let accessHeader: AccessHeader
  package let errors: Errors

  package internal(set) var rotation: Rotation
  package internal(set) var oldToken: OldToken
  package internal(set) var oldTokenGraceSeconds: Int64?
  package internal(set) var lifetimes: Lifetimes
  package let signs: TokenSigns
  package internal(set) var authorize: Authorize?
  package internal(set) var device: Device?
  package internal(set) var revoke: TokenCall?
  package let introspect: TokenCall?
  /// What a person must do at the provider to make a token worthless, and what does not, one sentence each.
  package let retiring: [String]

  package struct Sends: Sendable {
    package let connectorID: Place
    package let connectorSecret: Place
    package let refreshToken: Place
    package let scope: Place?
    /// Values that are always the same, in their order.
    package let fixed: [Fixed]
  }

  package struct Fixed: Sendable {
    package let place: Place
    package let value: String
  }
}
