internal import CustodySystem
internal import CustodyCrypto
internal import CustodyValues
internal import CustodyStore

/// A new vault file made of the readable rows of a damaged one. It takes that file's place once it is repaired.
struct RebuiltVault {
  let rebuild: StoreRebuild
  private let path: String
  /// SHA-256 of the damaged file, including what its write-ahead log commits.
  let sha256: Digest

  init(_ rebuild: StoreRebuild, _ path: String) {
    (self.rebuild, self.path) = (rebuild, path)
    sha256 = Self.pages(of: rebuild) { _ in }
  }

  private static func pages<Failure>(
    of rebuild: StoreRebuild, _ body: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) -> Digest {
    var hash = SHA256()
    for number in 1...max(1, rebuild.pages.count) {
      let page = rebuild.pages.page(number)
      hash.update(page)
      try body(page)
    }
    return hash.finish()
  }

  /// Runs `body` while nobody can write to the damaged file. Fails if somebody wrote since it was read.
  func whileLocked<R: ~Copyable>(_ body: () throws -> R) throws -> R {
    try rebuild.whileLocked(failing: { Self.error($0, path) }, body)
  }

  /// Keeps the damaged file as the quarantine. The copy is complete and durable on return.
  func keep(at time: Timestamp) throws -> Quarantine {
    let quarantine = try Quarantine.write(beside: path, at: time) { file throws(SystemError) in
      try Self.pages(of: rebuild) { page throws(SystemError) in try file.write(page) }
    }
    guard quarantine.sha256 == sha256 else {
      quarantine.remove()
      throw VaultError(
        .conflict, "the vault is another than when the repair was planned", hint: "run the command again")
    }
    return quarantine
  }

  /// True once the new file is in the vault's place.
  var hasTakenOver: Bool { rebuild.hasTakenOver }

  func finish(_ quarantine: Quarantine) throws {
    try Self.naming(path) { () throws(StoreError) in try rebuild.finish(keptAs: quarantine.path) }
  }

  /// Runs `body`, and gives errors of opening the file a hint other than a repair, since this is one.
  static func naming<R>(_ path: String, _ body: () throws(StoreError) -> R) throws(VaultError) -> R {
    do { return try body() } catch { throw Self.error(error, path) }
  }

  private static func error(_ error: StoreError, _ path: String) -> VaultError {
    let file = PrintableText.escape(path)
    let (old, kept) = (ShellWord.quoted(path), ShellWord.quoted(path + ".damaged"))
    let older: Hint = "put an older copy in its place: mv \(old) \(kept) && cp COPY \(old)"
    return switch error {
    case .notAVault:
      VaultError(
        .notAVault, "cannot repair \"\(file)\": nothing of a vault can be read in it", subject: path,
        hint: "name the vault with \(step: .give(.vault)); if this is it, \(older)")
    case .corrupt, .malformed, .schemaMismatch:
      VaultError(.integrity, "cannot repair \"\(file)\": it cannot be read", subject: path, hint: older)
    case .alreadyExists: VaultError(StoreError.locked, path: path)
    default: VaultError(error, path: path)
    }
  }
}
