internal import CustodyEvidence
internal import CustodyCrypto
internal import CustodyLog
internal import CustodySecrets
internal import CustodyValues
internal import CustodyStore

/// Runs `body`, and translates errors of lower modules.
package func translating<R: ~Copyable>(_ body: () throws -> R) throws(VaultError) -> R {
  do { return try body() } catch let error as VaultError { throw error } catch { throw VaultError(translating: error) }
}

/// Does what `translating` does, but lets errors of the caller's own closure through unchanged.
func rethrowing<Input: ~Copyable, Output, R>(
  _ own: (borrowing Input) throws -> Output, _ body: ((borrowing Input) throws -> Output) throws -> R
) throws -> R {
  var thrown: (any Error)?
  do {
    // Allows `own` to be called from an escaping closure.
    return try withoutActuallyEscaping(own) { own in
      try translating {
        try body { input in
          do { return try own(input) } catch {
            thrown = error is VaultError ? nil : error
            throw error
          }
        }
      }
    }
  } catch { throw thrown ?? error }
}

extension VaultError {
  init(translating error: any Error) {
    switch error {
    case let error as StoreError: self.init(error)
    case let error as HistoryFault: self.init(error)
    case let error as EvidenceError: self.init(error)
    case let error as SeedLock.Refusal: self.init(error)
    case is SecureMemoryError: self.init(.outOfMemory, "cannot get memory that may hold a secret")
    case is CryptoError: self.init(.integrity, "a sealed value does not open")
    case let error as EntryError: self.init(.integrity, "a log entry cannot be read: \(error)")
    default: self.init(.failed, "something failed that Custody has no words for: \(type(of: error))")
    }
    underlying = error
  }

  private init(_ error: HistoryFault) {
    // The first entry opens under keys that the vault's own row describes.
    let isVaultRow = error == HistoryFault(position: 0, rule: .doesNotOpen)
    self.init(.integrity, error.text, subject: "\(error.position)", hint: isVaultRow ? Self.mending : nil)
    fault = error
  }

  private static let mending: Hint =
    "an admin can mend that: \(step: .repair), with an older copy \(step: .repairFromCopy)"

  private static let ownRow: Hint =
    "an admin can take your row from an older copy of the vault: \(step: .repairFromCopy)"

  private init(_ error: SeedLock.Refusal) {
    switch error {
    case .downgrade:
      self.init(
        .weakParameters, "the passphrase's costs in the vault are too low: someone may have lowered them",
        hint: Self.ownRow)
    case .excessive:
      self.init(
        .weakParameters, "the passphrase's costs in the vault are too high: someone may have raised them",
        hint: Self.ownRow)
    case .malformed: self.init(.integrity, "the salt of this member is not 16 bytes", hint: Self.ownRow)
    case .outOfMemory(let mebibytes):
      self.init(.outOfMemory, "cannot unlock: it needs \(mebibytes) MiB of memory that this machine does not give")
    }
  }
}

extension VaultError {
  private static let rebuilding: Hint =
    "an admin can make it anew of what can be read: \(step: .repair), with an older copy \(step: .repairFromCopy)"

  init(_ error: StoreError, path: String? = nil) {
    let file = path.map { "\"\(PrintableText.escape($0))\"" } ?? "the vault"
    switch error {
    case .notFound:
      self.init(
        .notAVault, "there is no vault at \(file)", subject: path, hint: "found one: \(step: .found)")
    case .alreadyExists:
      self.init(
        .alreadyExists, "\(file) exists already", subject: path, hint: "name another place with \(step: .give(.vault))")
    case .notAVault, .schemaMismatch, .corrupt: self.init(unreadable: error, file, path)
    case .newer(let name):
      self.init(
        .newerVault, "\(file) was made by a newer Custody (it has step \(PrintableText.escape(name)))", subject: path)
    case .older(let name):
      self.init(
        .readOnly,
        "\(file) was made by an older Custody (it lacks step \(PrintableText.escape(name))) and is read-only",
        subject: path, hint: "make it and its folder writable once: a backup of it is made first")
    case .readOnly: self.init(.readOnly, "cannot write to \(file): it is read-only", subject: path)
    case .full: self.init(.diskFull, "cannot write to \(file): the disk is full", subject: path)
    case .locked: self.init(.busy, "cannot use \(file): it stayed locked by another process", subject: path)
    case .moved:
      self.init(
        .failed, "cannot write to \(file): it was moved away, or another file was put in its place", subject: path,
        hint: "run the command again; it opens what is there now")
    case .networkFileSystem:
      self.init(
        .failed, "\(file) is on a network file system, where SQLite's locks do not hold", subject: path,
        hint: "move the vault to a local disk")
    case .inTheWay(let other):
      let other = PrintableText.escape(other)
      self.init(
        .failed, "cannot open \(file): \"\(other)\" is beside it, which is no file of Custody's", subject: path,
        hint: "find out who put it there, and move it away")
    case .foreignLog(let log):
      let log = PrintableText.escape(log)
      self.init(
        .integrity, "\"\(log)\" is not the log of \(file): it is of another vault, or of another copy of this one",
        subject: path, hint: "nothing was written; move it away and keep it: mv \"\(log)\" \"\(log).other\"")
    case .permission:
      self.init(
        .notPermittedByTheSystem, "cannot open \(file): the system does not permit it", subject: path,
        hint: "check who owns the file and its folder")
    case .symlink:
      self.init(
        .failed, "\(file) is a symbolic link", subject: path, hint: "name the file itself with \(step: .give(.vault))")
    case .io(let code):
      self.init(.failed, "cannot read or write \(file): SQLite says \(code)", subject: path, hint: "check the disk")
    case .malformed(let table):
      self.init(
        .integrity, "a row of table \"\(table)\" is malformed: someone changed the file, or it is damaged",
        subject: path,
        hint: Self.mending)
    case .conflict:
      self.init(
        .conflict, "a row lies where the one that was to be written belongs", subject: path,
        hint: "run the command again; if it stays so, an admin takes that row out: \(step: .repair)")
    }
    underlying = error
  }

  /// Makes the error for a file whose rows a rebuild may still find.
  private init(unreadable error: StoreError, _ file: String, _ path: String?) {
    switch error {
    case .notAVault:
      self.init(
        .notAVault, "\(file) is not a Custody vault", subject: path,
        hint:
          "name the vault with \(step: .give(.vault)); if this is one whose beginning is damaged, \(Self.rebuilding)")
    case .schemaMismatch(let object):
      self.init(
        .integrity, "the vault's schema was changed at \"\(PrintableText.escape(object))\"", subject: path,
        hint: Self.rebuilding)
    default:
      self.init(.integrity, "\(file) is damaged: SQLite cannot read it", subject: path, hint: Self.rebuilding)
    }
  }
}
