internal import CustodyCrypto
package import CustodyLog
package import CustodySecrets
internal import CustodySystem
package import CustodyValues
internal import CustodyStore

/// What an exchange is about, without a secret.
package struct ExchangeSubject: Sendable {
  package let token: TokenDetails
  package let connector: ConnectorDetails
  package let revision: UInt64
  /// When the refresh token ends, where it says so itself and was not replaced by an exchange since.
  package var ends: Timestamp?
  /// Set where the token was brought back over one that an exchange had brought: when that was done.
  package var broughtBack: Timestamp?
  /// Whether an exchange of this grant brought a new refresh token; nothing where none was made that the log knows of.
  package var rotates: Bool?
  /// A scope that the grant is known not to have.
  package var refusedScope: String?

  package init(token: TokenDetails, connector: ConnectorDetails, revision: UInt64) {
    (self.token, self.connector, self.revision) = (token, connector, revision)
  }
}

/// What an exchange needs: a token and its connector, opened after every check.
package struct ExchangeMaterials: ~Copyable {
  package let subject: ExchangeSubject
  package let refreshToken: SecureBytes
  package let connectorSecret: SecureBytes
}

/// The right to exchange one token, which nobody else has at the same time.
package struct ExchangeClaim: ~Copyable {
  package let name: String
  package let fence: UInt64
  /// The revision that is sent: what comes back replaces this one or none.
  package let revision: UInt64
  package let journal: ExchangeJournal
  let owner: [UInt8]
  let item: Item
  /// To save a new refresh token when the vault can't be asked any more.
  let dataKey: DataKey
  /// With which it asks.
  let connector: Item
  let connectorKey: DataKey
  /// Not later than when the others could see it.
  package let begun: ContinuousClock.Instant
}

/// What came of a sign of life.
package enum Heartbeat: Sendable {
  case told
  /// The vault was busy with something else.
  case busy
  case takenOver
}

/// Someone else's exchange of the same token, as it was seen: while it lives, its beat goes on.
package struct ExchangeHold: Equatable, Sendable {
  package let item: Identifier
  package let fence: UInt64
  let owner: [UInt8]
  let beat: UInt64

  /// Its process has ended, without a doubt.
  package var isGone: Bool { RunningProcess(owner)?.isGone ?? false }

  init?(_ row: ExchangeRow?) {
    guard let row, let owner = row.owner else { return nil }
    (item, fence, self.owner, beat) = (row.item, row.fence, owner, row.beat)
  }
}

package enum ExchangeStart: ~Copyable {
  /// An access token that was kept, its handing out on record.
  case kept(KeptAccessToken)
  case held(ExchangeHold)
  case claimed(ExchangeClaim, ExchangeMaterials)
}

/// What the provider's preset and the caller ask of an exchange, before anything leaves.
package protocol ExchangeRules {
  /// Whether a kept access token will do.
  func accepts(_ kept: KeptAccessToken.Facts, of subject: ExchangeSubject) throws(VaultError) -> Bool
  /// Throws where asking can't work, or, after what is known of the exchange before, might do harm or is of no use.
  func check(_ before: ExchangeJournal?, of subject: ExchangeSubject) throws(VaultError)
  /// Whether the caller asks in spite of what is known.
  var asksAgain: Bool { get }
}

package struct ExchangeTerms: Sendable {
  package var how: Leaving
  /// One whose beat has stood still for so long that it is taken over.
  package var stalled: ExchangeHold?

  package init(how: Leaving) { self.how = how }

  /// The process, and which of its exchanges.
  static func newOwner() -> [UInt8] {
    (RunningProcess.current?.bytes ?? [UInt8](repeating: 0, count: 36)) + Sodium.randomBytes(8)
  }
}
