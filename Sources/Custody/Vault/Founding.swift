internal import CustodyCrypto
internal import CustodyLog
public import CustodyValues
internal import CustodyStore

/// Settings of a vault to be made.
public struct Founding: Sendable {
  /// The name of its first admin.
  public var founder: String
  /// The beginning of the log's origin, such as an organisation's own domain and a path.
  public var originPrefix = "custody.local"
  /// The cost of the founder's passphrase.
  public var hardness = Hardness.standard

  /// Makes a plan for a vault with this first admin and the standard cost.
  public init(founder: String) { self.founder = founder }
}

/// The identifiers of a vault that was made.
public struct Founded: Sendable {
  /// The vault's ID.
  public let vault: Identifier
  /// The founder's member ID.
  public let member: Identifier
  /// The leaf hash of the log's first entry. Keep it: it tells this vault from any other.
  public let genesis: Digest
}
