package import CustodyValues

extension Store {
  package func vault() throws(StoreError) -> VaultRow {
    guard let vault = try firstOrMalformed(SQL.vault, [], VaultRow.init) else { throw .malformed(table: "vault") }
    return vault
  }

  package func insert(_ vault: VaultRow) throws(StoreError) {
    try change(SQL.insertVault, [.identifier(vault.id), .digest(vault.auditKey)])
  }

  package func updateAuditKey(_ key: Digest) throws(StoreError) {
    try changeOne(SQL.updateAuditKey, [.digest(key)])
  }

  // MARK: Members

  package func member(_ id: Identifier) throws(StoreError) -> MemberRow? {
    try firstOrMalformed(SQL.member, [.identifier(id)], MemberRow.init)
  }

  /// All members, by ID.
  package func members() throws(StoreError) -> [MemberRow] { try all(SQL.members, [], MemberRow.init) }

  package func insert(_ member: MemberRow) throws(StoreError) { try change(SQL.insertMember, member.values) }

  package func update(_ member: MemberRow) throws(StoreError) { try changeOne(SQL.updateMember, member.values) }

  /// Deletes a member's row. A missing row is no error, since anyone who can write the file can remove it.
  package func deleteMember(_ id: Identifier) throws(StoreError) {
    try change(SQL.deleteMember, [.identifier(id)])
  }

  // MARK: Requests

  package func request(_ id: Identifier) throws(StoreError) -> RequestRow? {
    try firstOrMalformed(SQL.request, [.identifier(id)], RequestRow.init)
  }

  package func requests() throws(StoreError) -> [RequestRow] { try all(SQL.requests, [], RequestRow.init) }

  package func insert(_ request: RequestRow) throws(StoreError) { try change(SQL.insertRequest, request.values) }

  package func deleteRequest(_ id: Identifier) throws(StoreError) {
    try changeOne(SQL.deleteRequest, [.identifier(id)])
  }
}

private enum SQL {
  static let vault = Statement("vault", "SELECT id, audit_key FROM vault WHERE one = 1")
  static let insertVault = Statement("vault", "INSERT INTO vault (one, id, audit_key) VALUES (1, $1, $2)")
  static let updateAuditKey = Statement("vault", "UPDATE vault SET audit_key = $1 WHERE one = 1")

  static let member = Statement(
    "member", "SELECT id, passes, memory, salt, key_file, seed, request FROM member WHERE id = $1")
  static let members = Statement(
    "member", "SELECT id, passes, memory, salt, key_file, seed, request FROM member ORDER BY id")
  static let insertMember = Statement(
    "member",
    "INSERT INTO member (id, passes, memory, salt, key_file, seed, request) VALUES ($1, $2, $3, $4, $5, $6, $7)")
  static let updateMember = Statement(
    "member",
    """
    UPDATE member SET passes = $2, memory = $3, salt = $4, key_file = $5, seed = $6, request = $7 WHERE id = $1
    """)
  static let deleteMember = Statement("member", "DELETE FROM member WHERE id = $1")

  static let request = Statement(
    "request", "SELECT id, passes, memory, salt, key_file, seed, request FROM request WHERE id = $1")
  static let requests = Statement(
    "request", "SELECT id, passes, memory, salt, key_file, seed, request FROM request ORDER BY id")
  static let insertRequest = Statement(
    "request",
    "INSERT INTO request (id, passes, memory, salt, key_file, seed, request) VALUES ($1, $2, $3, $4, $5, $6, $7)")
  static let deleteRequest = Statement("request", "DELETE FROM request WHERE id = $1")
}
