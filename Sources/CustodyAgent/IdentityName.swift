internal import CustodySecrets
package import CustodyValues

/// Names one member of one vault. The vault is named by its ID and by the leaf hash of its log's first entry.
package struct IdentityName: Hashable, Sendable {
  package let vault: Identifier
  package let genesis: Digest
  package let member: Identifier

  package init(vault: Identifier, genesis: Digest, member: Identifier) {
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
