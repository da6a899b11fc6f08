internal import CustodyCrypto
internal import CustodyLog
public import CustodyValues
internal import CustodyStore

/// A vault to be founded.
public struct Founding: Sendable {
  public var founder: String
  /// What the log's origin begins with: an organisation's own domain, perhaps.
  public var originPrefix = "custody.local"
  public var hardness = Hardness.standard

  public init(founder: String) { self.founder = founder }
}

/// What a founding made.
public struct Founded: Sendable {
  public let vault: Identifier
  public let member: Identifier
  /// Leaf hash of the log's first entry.
  public let genesis: Digest
}
