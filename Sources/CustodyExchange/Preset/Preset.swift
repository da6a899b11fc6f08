public import CustodyJSON

/// What is known of one provider's token endpoint, as data. Nothing here is a secret. docs/PRESETS.md says what each part means.
public struct Preset: Sendable {
  public enum Method: String, Sendable { case get = "GET", post = "POST" }

  public enum Body: String, Sendable { case none, form, json }

  /// Where a value goes in the request: `header:applicationId`, `form:client_id`, `json:client_id`, `basic:user`,
  /// `basic:password`.
  public enum Place: Hashable, Sendable {
    case header(String), form(String), json(String), basicUser, basicPassword
    /// A statement that the connector's secret, a private key, signs (RFC 7523); it and its type go into the body.
    case assertion
  }

  /// Whether the provider hands out a new refresh token: on each use, towards the old one's end, or as its admin chose. Where
  /// nobody knows, what exchanges of the token have brought so far tells, and before the first it counts as `always`.
  public enum Rotation: String, CaseIterable, Sendable { case never, always, late, optional, unknown }

  /// What becomes of a refresh token once it has brought a new one.
  public enum OldToken: String, CaseIterable, Sendable { case valid, dead, grace, unknown }

  /// The JSON that the preset was read from.
  public let json: JSONValue

  public let id: String
  public let title: String
  public let sources: [String]
  /// The day the facts were looked up.
  public let date: String
  /// What is worth knowing before one relies on it.
  public let notes: [String]
  /// What no primary source settles; † marks what was not read at its source.
  public let doubts: [String]

  public let method: Method
  /// With variables, as in `https://login.microsoftonline.com/{tenant}/…`; nothing where each connector names its own.
  public let url: String?
  /// What stands in braces in the URLs, each once.
  public let variables: [Variable]
  public let hosts: [HostPattern]
  /// Whether one 308 to an allowed host is followed.
  public let follows308: Bool
  public let body: Body
  public internal(set) var sends: Sends
  /// How a connector may authenticate besides what `sends` says, if it chooses so.
  public let otherClientAuthentications: [ClientAuthentication]
  /// With what an assertion is signed; nothing leaves it to the key.
  public let assertionAlgorithm: AssertionAlgorithm?
  public let reply: Reply
  /// In which its API takes the access token.
  public let accessHeader: AccessHeader
  public let errors: Errors

  public internal(set) var rotation: Rotation
  public internal(set) var oldToken: OldToken
  public internal(set) var oldTokenGraceSeconds: Int64?
  public internal(set) var lifetimes: Lifetimes
  public let signs: TokenSigns
  public internal(set) var authorize: Authorize?
  public internal(set) var device: Device?
  public internal(set) var revoke: TokenCall?
  public let introspect: TokenCall?
  /// What a person must do at the provider to make a token worthless, and what does not, one sentence each.
  public let retiring: [String]

  public struct Sends: Sendable {
    public let connectorID: Place
    public let connectorSecret: Place
    public let refreshToken: Place
    public let scope: Place?
    /// Values that are always the same, in their order.
    public let fixed: [Fixed]
  }

  public struct Fixed: Sendable {
    public let place: Place
    public let value: String
  }
}
