internal import CustodySecrets
public import CustodyValues

/// One member of one vault: the vault by its ID and by the leaf hash of its first entry.
public struct IdentityName: Hashable, Sendable {
  public let vault: Identifier
  public let genesis: Digest
  public let member: Identifier

  public init(vault: Identifier, genesis: Digest, member: Identifier) {
    (self.vault, self.genesis, self.member) = (vault, genesis, member)
  }
}

extension IdentityName {
  func add(to writer: inout FieldWriter) throws(SecureMemoryError) {
    try writer.add(vault.bytes)
    try writer.add(genesis.bytes)
    try writer.add(member.bytes)
  }

  init(from reader: inout FieldReader) throws(AgentError) {
    self.init(vault: try reader.identifier(), genesis: try reader.digest(), member: try reader.identifier())
  }
}
