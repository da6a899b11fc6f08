package import CustodyJSON

/// One provider's facts as data: its token endpoint, its logins, and how long its tokens live. Nothing in it is secret.
/// docs/PRESETS.md describes each part.
public struct Preset: Sendable {
  /// The HTTP method of a call.
  package enum Method: String, Sendable { case get = "GET", post = "POST" }

  /// The kind of a request's body.
  package enum Body: String, Sendable { case none, form, json }

  /// The place of a value in a request: `header:applicationId`, `form:client_id`, `json:client_id`, `basic:user`,
  /// `basic:password`.
  package enum Place: Hashable, Sendable {
    case header(String), form(String), json(String), basicUser, basicPassword
    /// An assertion signed with the connector's secret, a private key (RFC 7523). It and its type go into the body.
    case assertion
  }

  /// The provider's habit of issuing new refresh tokens: never, on each use, near the old one's end, or as its admin
  /// chose. If it is unknown, the token's past exchanges decide, and before the first it counts as `always`.
  package enum Rotation: String, CaseIterable, Sendable { case never, always, late, optional, unknown }

  /// The fate of a refresh token after it has brought a new one.
  package enum OldToken: String, CaseIterable, Sendable { case valid, dead, grace, unknown }

  /// The JSON that the preset was parsed from.
  package let json: JSONValue

  /// The provider's ID, as `entra`: 1 to 64 lower-case letters, digits and hyphens.
  public let id: String
  /// The provider's name for people.
  public let title: String
  /// The documents that the facts are from.
  package let sources: [String]
  /// The day on which the facts were looked up, as `2026-11-24`.
  package let date: String
  /// Things to know before relying on the provider.
  package let notes: [String]
  /// Facts that no primary source settles; † marks those not read at their source.
  package let doubts: [String]

  /// The method of an exchange.
  package let method: Method
  /// The token URL, with variables as in `https://login.microsoftonline.com/{tenant}/…`; nil if each connector names
  /// its own.
  package let url: String?
  /// The variables in the URLs' braces, each once.
  package let variables: [Variable]
  /// The hosts that may receive secrets.
  package let hosts: [HostPattern]
  /// True if one 308 to an allowed host is followed.
  package let follows308: Bool
  /// The kind of body of an exchange.
  package let body: Body
  /// The places of the values in an exchange.
  package internal(set) var sends: Sends
  /// Other ways of authentication that a connector may choose.
  package let otherClientAuthentications: [ClientAuthentication]
  /// The algorithm of assertions; if nil, the one that fits the key.
  package let assertionAlgorithm: AssertionAlgorithm?
  /// The fields of a reply.
  package let reply: Reply
  /// The header in which the provider's API takes an access token.
  package let accessHeader: AccessHeader
  /// The signs of a failure.
  package let errors: Errors

  /// The provider's habit of issuing new refresh tokens.
  package internal(set) var rotation: Rotation
  /// The fate of a refresh token after it has brought a new one.
  package internal(set) var oldToken: OldToken
  /// Seconds that an old token stays valid, for `grace`.
  package internal(set) var oldTokenGraceSeconds: Int64?
  /// Lifetimes of tokens.
  package internal(set) var lifetimes: Lifetimes
  /// Signs by which a token's text shows its kind.
  package let signs: TokenSigns
  /// The login by browser; nil if there is none.
  package internal(set) var authorize: Authorize?
  /// The login by device code; nil if there is none.
  package internal(set) var device: Device?
  /// The call that revokes a token; nil if there is none.
  package internal(set) var revoke: TokenCall?
  /// The call that examines a token; nil if there is none.
  package let introspect: TokenCall?
  /// Steps at the provider that make a token worthless, and those that do not, one sentence each.
  package let retiring: [String]

  /// The places of the values in an exchange.
  package struct Sends: Sendable {
    package let connectorID: Place
    package let connectorSecret: Place
    package let refreshToken: Place
    package let scope: Place?
    /// Constant values, in their order.
    package let fixed: [Fixed]
  }

  /// A constant value and its place.
  package struct Fixed: Sendable {
    package let place: Place
    package let value: String
  }
}
