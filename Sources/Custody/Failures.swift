internal import CustodyCrypto
internal import CustodyLog
internal import CustodyMemory
internal import CustodyStore

/// Runs what may fail on a low floor, and says it in the words of this one.
func translating<R: ~Copyable>(_ body: () throws -> R) throws(VaultError) -> R {
  do { return try body() } catch let error as VaultError { throw error } catch { throw VaultError(translating: error) }
}

extension VaultError {
  init(translating error: any Error) {
    switch error {
    case let error as StoreError: self.init(error)
    case let error as HistoryFault: self.init(error)
    case let error as PassphraseCost.Refusal: self.init(error)
    case is SecureMemoryError: self.init(.outOfMemory, "cannot get memory that may hold a secret")
    case is CryptoError: self.init(.integrity, "a sealed value does not open")
    case let error as EntryError: self.init(.integrity, "a log entry cannot be read: \(error)")
    default: self.init(.failed, "something failed that Custody has no words for: \(type(of: error))")
    }
  }

  private init(_ error: HistoryFault) {
    self.init(.integrity, "log entry \(error.position) breaks a rule: \(error.rule.words)", subject: "\(error.position)")
  }

  private init(_ error: PassphraseCost.Refusal) {
    switch error {
    case .downgrade:
      self.init(.weakParameters, "the passphrase's costs in the vault are too low: someone may have lowered them")
    case .excessive:
      self.init(.weakParameters, "the passphrase's costs in the vault are too high: someone may have raised them")
    case .malformed: self.init(.integrity, "the salt of this member is not 16 bytes")
    case .outOfMemory(let mebibytes):
      self.init(.outOfMemory, "cannot unlock: it needs \(mebibytes) MiB of memory that this machine does not give")
    }
  }
}
