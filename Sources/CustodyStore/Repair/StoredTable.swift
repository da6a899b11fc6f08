/// All tables of a vault, in an order in which rows can be inserted: items come before rows that refer to them.
package enum StoredTable: String, CaseIterable, Sendable {
  case migration
  case vault
  case member
  case request
  case keyWrap = "key_wrap"
  case item
  case revision
  case envelope
  case metadataKey = "metadata_key"
  case note
  case logEntry = "log_entry"
  case logNode = "log_node"
  case checkpoint
  case exchange
}

extension StoredTable {
  package var columns: [Substring] { layout.columns.description.split(separator: ", ") }
  /// The number of columns in the key. These are the first ones.
  package var keys: Int { layout.keys }

  struct Layout: Sendable {
    let columns: StaticString
    let keys: Int
    /// `one` and `delete` take a complete key.
    let all: Statement, one: Statement, insert: Statement, delete: Statement
  }

  var layout: Layout {
    switch self {
    case .migration: Layouts.migration
    case .vault: Layouts.vault
    case .member: Layouts.member
    case .request: Layouts.request
    case .keyWrap: Layouts.keyWrap
    case .item: Layouts.item
    case .revision: Layouts.revision
    case .envelope: Layouts.envelope
    case .metadataKey: Layouts.metadataKey
    case .note: Layouts.note
    case .logEntry: Layouts.logEntry
    case .logNode: Layouts.logNode
    case .checkpoint: Layouts.checkpoint
    case .exchange: Layouts.exchange
    }
  }
}

private typealias Layout = StoredTable.Layout

private enum Layouts {
  static let migration = Layout(
    columns: "name", keys: 1,
    all: Statement("migration", "SELECT name FROM migration"),
    one: Statement("migration", "SELECT name FROM migration WHERE name = $1 LIMIT 1"),
    insert: Statement("migration", "INSERT INTO migration (name) VALUES ($1)"),
    delete: Statement("migration", "DELETE FROM migration WHERE name = $1"))
  static let vault = Layout(
    columns: "one, id, audit_key", keys: 1,
    all: Statement("vault", "SELECT one, id, audit_key FROM vault"),
    one: Statement("vault", "SELECT one, id, audit_key FROM vault WHERE one = $1 LIMIT 1"),
    insert: Statement("vault", "INSERT INTO vault (one, id, audit_key) VALUES ($1, $2, $3)"),
    delete: Statement("vault", "DELETE FROM vault WHERE one = $1"))
  static let member = Layout(
    columns: "id, passes, memory, salt, key_file, seed, request", keys: 1,
    all: Statement("member", "SELECT id, passes, memory, salt, key_file, seed, request FROM member"),
    one: Statement(
      "member",
      """
      SELECT id, passes, memory, salt, key_file, seed, request FROM member WHERE id = $1 LIMIT 1
      """),
    insert: Statement(
      "member",
      "INSERT INTO member (id, passes, memory, salt, key_file, seed, request) VALUES ($1, $2, $3, $4, $5, $6, $7)"),
    delete: Statement("member", "DELETE FROM member WHERE id = $1"))
  static let request = Layout(
    columns: "id, passes, memory, salt, key_file, seed, request", keys: 1,
    all: Statement("request", "SELECT id, passes, memory, salt, key_file, seed, request FROM request"),
    one: Statement(
      "request",
      """
      SELECT id, passes, memory, salt, key_file, seed, request FROM request WHERE id = $1 LIMIT 1
      """),
    insert: Statement(
      "request",
      "INSERT INTO request (id, passes, memory, salt, key_file, seed, request) VALUES ($1, $2, $3, $4, $5, $6, $7)"),
    delete: Statement("request", "DELETE FROM request WHERE id = $1"))
  static let keyWrap = Layout(
    columns: "recipient, sealed_in, epoch, kind, sealed, sha256", keys: 4,
    all: Statement("key_wrap", "SELECT recipient, sealed_in, epoch, kind, sealed, sha256 FROM key_wrap"),
    one: Statement(
      "key_wrap",
      """
      SELECT recipient, sealed_in, epoch, kind, sealed, sha256 FROM key_wrap WHERE recipient = $1 AND \
      sealed_in = $2 AND epoch = $3 AND kind = $4 LIMIT 1
      """),
    insert: Statement(
      "key_wrap",
      "INSERT INTO key_wrap (recipient, sealed_in, epoch, kind, sealed, sha256) VALUES ($1, $2, $3, $4, $5, $6)"),
    delete: Statement(
      "key_wrap", "DELETE FROM key_wrap WHERE recipient = $1 AND sealed_in = $2 AND epoch = $3 AND kind = $4"))
  static let item = Layout(
    columns: "id, kind, tag, revision, generation, metadata_generation, details", keys: 1,
    all: Statement("item", "SELECT id, kind, tag, revision, generation, metadata_generation, details FROM item"),
    one: Statement(
      "item",
      """
      SELECT id, kind, tag, revision, generation, metadata_generation, details FROM item WHERE id = $1 \
      LIMIT 1
      """),
    insert: Statement(
      "item",
      """
      INSERT INTO item (id, kind, tag, revision, generation, metadata_generation, details) VALUES ($1, $2, \
      $3, $4, $5, $6, $7)
      """),
    delete: Statement("item", "DELETE FROM item WHERE id = $1"))
  static let revision = Layout(
    columns: "item, revision, generation, entry, secret", keys: 3,
    all: Statement("revision", "SELECT item, revision, generation, entry, secret FROM revision"),
    one: Statement(
      "revision",
      """
      SELECT item, revision, generation, entry, secret FROM revision WHERE item = $1 AND revision = $2 AND \
      generation = $3 LIMIT 1
      """),
    insert: Statement(
      "revision",
      "INSERT INTO revision (item, revision, generation, entry, secret) VALUES ($1, $2, $3, $4, $5)"),
    delete: Statement("revision", "DELETE FROM revision WHERE item = $1 AND revision = $2 AND generation = $3"))
  static let envelope = Layout(
    columns: "item, kind, generation, recipient, entry, sealed, sha256", keys: 5,
    all: Statement("envelope", "SELECT item, kind, generation, recipient, entry, sealed, sha256 FROM envelope"),
    one: Statement(
      "envelope",
      """
      SELECT item, kind, generation, recipient, entry, sealed, sha256 FROM envelope WHERE item = $1 AND \
      kind = $2 AND generation = $3 AND recipient = $4 AND entry = $5 LIMIT 1
      """),
    insert: Statement(
      "envelope",
      """
      INSERT INTO envelope (item, kind, generation, recipient, entry, sealed, sha256) VALUES ($1, $2, $3, $4, \
      $5, $6, $7)
      """),
    delete: Statement(
      "envelope",
      "DELETE FROM envelope WHERE item = $1 AND kind = $2 AND generation = $3 AND recipient = $4 AND entry = $5"))
  static let metadataKey = Layout(
    columns: "item, generation, previous", keys: 2,
    all: Statement("metadata_key", "SELECT item, generation, previous FROM metadata_key"),
    one: Statement(
      "metadata_key",
      """
      SELECT item, generation, previous FROM metadata_key WHERE item = $1 AND generation = $2 LIMIT 1
      """),
    insert: Statement("metadata_key", "INSERT INTO metadata_key (item, generation, previous) VALUES ($1, $2, $3)"),
    delete: Statement("metadata_key", "DELETE FROM metadata_key WHERE item = $1 AND generation = $2"))
  static let note = Layout(
    columns: "entry, kind, item, generation, sealed", keys: 2,
    all: Statement("note", "SELECT entry, kind, item, generation, sealed FROM note"),
    one: Statement(
      "note",
      """
      SELECT entry, kind, item, generation, sealed FROM note WHERE entry = $1 AND kind = $2 LIMIT 1
      """),
    insert: Statement("note", "INSERT INTO note (entry, kind, item, generation, sealed) VALUES ($1, $2, $3, $4, $5)"),
    delete: Statement("note", "DELETE FROM note WHERE entry = $1 AND kind = $2"))
  static let logEntry = Layout(
    columns: "position, epoch, sealed", keys: 1,
    all: Statement("log_entry", "SELECT position, epoch, sealed FROM log_entry"),
    one: Statement("log_entry", "SELECT position, epoch, sealed FROM log_entry WHERE position = $1 LIMIT 1"),
    insert: Statement("log_entry", "INSERT INTO log_entry (position, epoch, sealed) VALUES ($1, $2, $3)"),
    delete: Statement("log_entry", "DELETE FROM log_entry WHERE position = $1"))
  static let logNode = Layout(
    columns: "place, hash", keys: 1,
    all: Statement("log_node", "SELECT place, hash FROM log_node"),
    one: Statement("log_node", "SELECT place, hash FROM log_node WHERE place = $1 LIMIT 1"),
    insert: Statement("log_node", "INSERT INTO log_node (place, hash) VALUES ($1, $2)"),
    delete: Statement("log_node", "DELETE FROM log_node WHERE place = $1"))
  static let checkpoint = Layout(
    columns: "size, signer, root, signature", keys: 1,
    all: Statement("checkpoint", "SELECT size, signer, root, signature FROM checkpoint"),
    one: Statement("checkpoint", "SELECT size, signer, root, signature FROM checkpoint WHERE size = $1 LIMIT 1"),
    insert: Statement("checkpoint", "INSERT INTO checkpoint (size, signer, root, signature) VALUES ($1, $2, $3, $4)"),
    delete: Statement("checkpoint", "DELETE FROM checkpoint WHERE size = $1"))
  static let exchange = Layout(
    columns: "item, fence, owner, beat, journal, generation, access_token", keys: 1,
    all: Statement("exchange", "SELECT item, fence, owner, beat, journal, generation, access_token FROM exchange"),
    one: Statement(
      "exchange",
      """
      SELECT item, fence, owner, beat, journal, generation, access_token FROM exchange WHERE item = $1 \
      LIMIT 1
      """),
    insert: Statement(
      "exchange",
      """
      INSERT INTO exchange (item, fence, owner, beat, journal, generation, access_token) VALUES ($1, $2, $3, \
      $4, $5, $6, $7)
      """),
    delete: Statement("exchange", "DELETE FROM exchange WHERE item = $1"))
}
