package import CustodyValues

/// The purpose and the place of a sealed value. It is authenticated with the value, which therefore opens nowhere
/// else.
package struct SealContext {
  /// A sealed value's purpose. No two share a label.
  package enum Purpose: String {
    case seed = "custody/v1/seed"
    case entry = "custody/v1/log-entry"
    case metadata = "custody/v1/metadata"
    case secret = "custody/v1/secret"
    case reason = "custody/v1/reason"
    case destination = "custody/v1/destination"
    case expiry = "custody/v1/expiry"
    case previousMetadataKey = "custody/v1/previous-metadata-key"
    case olderVaultKey = "custody/v1/older-vault-key"
    case fold = "custody/v1/fold"
    case foldKey = "custody/v1/fold-key"
    case journal = "custody/v1/exchange-journal"
    case accessToken = "custody/v1/access-token"
    case accessTokenOfConnector = "custody/v1/access-token-of-connector"
    case rescued = "custody/v1/rescued-refresh-token"
  }

  let associated: [UInt8]

  /// Binds a value to its purpose and its place in a vault.
  ///
  /// - Parameters:
  ///   - row: The encoded key of the row that holds the value.
  ///   - version: The generation or epoch; 0 if there is none.
  ///   - revision: The revision; 0 if there is none.
  package init(
    _ purpose: Purpose, vault: Identifier, row: [UInt8], version: UInt64 = 0, revision: UInt64 = 0
  ) {
    var pieces = PreAuthentication(count: 5)
    pieces.add(purpose.rawValue.utf8)
    pieces.add(vault)
    pieces.add(row)
    pieces.add(version)
    pieces.add(revision)
    associated = pieces.bytes
  }

  package init(
    _ purpose: Purpose, vault: Identifier, item: Identifier, version: UInt64 = 0, revision: UInt64 = 0
  ) {
    self.init(purpose, vault: vault, row: item.bytes, version: version, revision: revision)
  }
}
