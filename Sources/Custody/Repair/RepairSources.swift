internal import CustodyValues
internal import CustodyStore

/// The sources of rows: the vault, and a copy of it if there is one.
struct RepairSources {
  let vault: Store
  let copy: RepairCopy?

  /// Returns the rows with this key from all sources, the vault's first.
  func rows(_ table: StoredTable, _ key: [StoredRow.Cell]) throws -> [StoredRow] {
    try indices.compactMap { try row(table, key, in: $0) }
  }

  /// The sources' numbers: 0 for the vault, 1 for the copy.
  var indices: Range<Int> { 0..<(copy == nil ? 1 : 2) }

  func row(_ table: StoredTable, _ key: [StoredRow.Cell], in source: Int) throws -> StoredRow? {
    try source == 0 ? vault.stored(table, key: key) : copy?.row(table, key)
  }

  /// Number of wraps tried for each recipient, the newest first. A file has one or two for each epoch unless somebody
  /// added more.
  private static let mostWraps = 4096

  /// Returns the wraps of a member, or of `.none`.
  func wraps(of recipient: Identifier) throws -> [StoredRow] {
    try vault.wraps(of: recipient, limit: Self.mostWraps) + copiedWraps(of: recipient)
  }

  func copiedWraps(of recipient: Identifier) throws -> [StoredRow] {
    try copy?.wraps(of: recipient, limit: Self.mostWraps) ?? []
  }

  /// Reads both sources, each in one read transaction.
  func read<R>(_ body: () throws -> R) throws -> R { try vault.read { try copy.map { try $0.read(body) } ?? body() } }

  /// Runs `body` in a write transaction of the vault, and a read transaction of the copy. If it throws, nothing is
  /// changed.
  func write<R>(_ body: () throws -> R) throws -> R { try vault.write { try copy.map { try $0.read(body) } ?? body() } }
}

/// An older copy of a vault, which is not trusted. Rows are only fetched by their whole keys, so its size does not
/// matter. Errors name the copy, not the vault.
struct RepairCopy {
  private let store: Store
  let path: String

  init(_ path: String) throws(VaultError) {
    self.path = path
    do { store = try Store.connectToCopy(at: path) } catch { throw VaultError(error, copy: path) }
  }

  func row(_ table: StoredTable, _ key: [StoredRow.Cell]) throws(VaultError) -> StoredRow? {
    try naming { () throws(StoreError) in try store.stored(table, key: key) }
  }

  func wraps(of recipient: Identifier, limit: Int) throws(VaultError) -> [StoredRow] {
    try naming { () throws(StoreError) in try store.wraps(of: recipient, limit: limit) }
  }

  func read<R>(_ body: () throws -> R) throws -> R {
    try store.read(failing: { VaultError($0, copy: path) }, body)
  }

  private func naming<R>(_ body: () throws(StoreError) -> R) throws(VaultError) -> R {
    do { return try body() } catch { throw VaultError(error, copy: path) }
  }
}

extension VaultError {
  /// Translates an error of the copy.
  fileprivate init(_ error: StoreError, copy path: String) {
    let file = "\"\(PrintableText.escape(path))\""
    let vault = VaultError(error, path: path)
    let reason: String
    var code = vault.code
    var hint: Hint = "name another copy with \(step: .use(.copy)), or leave \(step: .leaveOut(.copy)) out"
    switch error {
    case .notFound: (code, reason) = (.notFound, "there is no such file")
    case .symlink: (reason, hint) = ("it is a symbolic link", "name the file itself: \(step: .give(.copy))")
    case .notAVault: reason = "it is not a Custody vault"
    case .newer(let step):
      (reason, hint) = ("a newer Custody made it (it has step \(PrintableText.escape(step)))", vault.hint ?? hint)
    case .schemaMismatch(let object): reason = "its schema was changed at \"\(PrintableText.escape(object))\""
    case .corrupt: reason = "it is damaged: SQLite cannot read it"
    case .malformed(let table): reason = "a row of its table \"\(table)\" is malformed"
    case .locked:
      (reason, hint) = ("it stayed locked by another process", "wait for that to end, and run the command again")
    case .permission: (reason, hint) = ("the system does not permit it", "check who owns the file and its folder")
    case .readOnly:
      (reason, hint) = (
        "it has a log beside it and is read-only", "copy it, with its -wal, to a folder that is writable"
      )
    case .networkFileSystem:
      (reason, hint) = ("it is on a network file system, where SQLite's locks do not hold", "copy it to a local disk")
    case .inTheWay(let other):
      reason = "\"\(PrintableText.escape(other))\" is beside it, which is no file of Custody's"
      hint = "move that away, or copy the file alone to another folder"
    case .io(let code): (reason, hint) = ("SQLite says \(code)", "check the disk that it is on")
    default: reason = vault.reason
    }
    self.init(code, "cannot take rows back from \(file): \(reason)", subject: path, hint: hint)
    underlying = error
  }
}
