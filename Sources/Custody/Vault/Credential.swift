internal import CustodyCrypto
internal import CustodyLog
public import CustodySecrets
internal import CustodyValues
internal import CustodyStore

/// The factors that a member unlocks with: a passphrase, a passphrase and a key file, or, for a machine, a key file
/// alone.
public struct Credential: ~Copyable {
  /// The kinds of factor in a credential.
  public struct Factors: Equatable, Sendable {
    /// True if a passphrase is one.
    public var passphrase: Bool
    /// True if a key file is one.
    public var keyFile: Bool

    package init(passphrase: Bool, keyFile: Bool) { (self.passphrase, self.keyFile) = (passphrase, keyFile) }
    /// A passphrase alone, as a person begins with.
    public static let person = Factors(passphrase: true, keyFile: false)
    /// A key file alone, as a machine has it.
    public static let machine = Factors(passphrase: false, keyFile: true)
  }

  let passphrase: SecureBytes?
  let keyFile: SecureBytes?

  /// Makes a credential of a passphrase alone.
  public static func passphrase(_ passphrase: consuming SecureBytes) -> Credential {
    Credential(passphrase: passphrase, keyFile: nil)
  }

  /// Makes a credential of a passphrase and a key file.
  public static func passphrase(
    _ passphrase: consuming SecureBytes, keyFile: consuming SecureBytes
  ) -> Credential { Credential(passphrase: passphrase, keyFile: keyFile) }

  /// Makes a credential of a key file alone.
  public static func keyFile(_ keyFile: consuming SecureBytes) -> Credential {
    Credential(passphrase: nil, keyFile: keyFile)
  }

  private init(passphrase: consuming SecureBytes?, keyFile: consuming SecureBytes?) {
    self.passphrase = passphrase
    self.keyFile = keyFile
  }

  /// Makes a credential with the same passphrase, if there is one, and another key file.
  package borrowing func replacingKeyFile(_ keyFile: consuming SecureBytes) throws(VaultError) -> Credential {
    Credential(passphrase: try passphraseCopy(), keyFile: keyFile)
  }

  package borrowing func withoutKeyFile() throws(VaultError) -> Credential {
    Credential(passphrase: try passphraseCopy(), keyFile: nil)
  }

  private borrowing func passphraseCopy() throws(VaultError) -> SecureBytes? {
    switch passphrase {
    case .some(let passphrase): try translating { try passphrase.copy() }
    case .none: nil
    }
  }

  /// The kinds of factor in it.
  public var factors: Factors { Factors(passphrase: passphrase != nil, keyFile: keyFile != nil) }
}

/// The content of a key file: 32 random bytes and nothing else.
public enum KeyFile {
  /// The size of a key file, in bytes.
  public static let count = 32

  /// Makes the content of a new key file, in guarded memory.
  ///
  /// - Throws: ``VaultError`` with the code `outOfMemory` if there is no guarded memory.
  public static func random() throws(VaultError) -> SecureBytes {
    try translating { try KeyFileKey.random(in: SecureArena()).copy() }
  }

  package static func check(_ bytes: borrowing SecureBytes) throws(VaultError) {
    guard bytes.count == count else {
      throw VaultError(
        .badInput, "a key file has \(count) bytes, and this has \(bytes.count)",
        hint: "name the file that \(step: .makeKeyFile) or \(step: .joinAsMachine) made")
    }
  }
}

extension Credential.Factors {
  init(_ factors: SeedFactors) {
    self.init(passphrase: factors.includesPassphrase, keyFile: factors.includesKeyFile)
  }
}

extension SeedFactors {
  init(_ factors: Credential.Factors) {
    self = factors.passphrase ? factors.keyFile ? .passphraseAndKeyFile : .passphrase : .keyFile
  }

  var wrong: String {
    switch self {
    case .passphrase: "the passphrase is wrong"
    case .passphraseAndKeyFile: "the passphrase or the key file is wrong"
    case .keyFile: "the key file is wrong"
    }
  }

  /// The error if another kind of credential was given than the member's seed is sealed under.
  func mismatch(_ given: Credential.Factors) -> VaultError {
    switch self {
    case .passphrase:
      VaultError(
        .wrongPassphrase, "cannot unlock: you have a passphrase and no key file",
        hint: "leave \(step: .leaveOut(.keyFile)) out")
    case .passphraseAndKeyFile where given.passphrase:
      VaultError(
        .wrongPassphrase, "cannot unlock: beside the passphrase you need your key file",
        hint: "name it: \(step: .give(.keyFile))")
    case .passphraseAndKeyFile:
      VaultError(.wrongPassphrase, "cannot unlock: beside the key file you need your passphrase", hint: "type it")
    case .keyFile:
      VaultError(
        .wrongPassphrase, "cannot unlock: you are a machine, which has a key file and no passphrase",
        hint: "name it: \(step: .give(.keyFile))")
    }
  }
}

extension SeedColumns {
  func lock() throws -> SeedLock {
    guard let factors = SeedFactors(rawValue: keyFile) else {
      throw VaultError(.integrity, "the vault says that you unlock in a way that this version does not know")
    }
    return SeedLock(factors, passes: passes, memory: memory, salt: salt)
  }

  var isMachines: Bool { keyFile == SeedFactors.keyFile.rawValue }
}

extension Credential {
  /// Checks that the credential is strong enough for sealing a seed, and of the right kind for a person or a machine.
  func checkNew(for machine: MachineUse?) throws(VaultError) {
    guard (passphrase == nil) == (machine != nil) else {
      throw VaultError(
        .usage,
        machine == nil ? "a person unlocks by a passphrase" : "a machine unlocks by a key file, not a passphrase")
    }
    switch passphrase {
    case .some(let passphrase): try Passphrase.check(passphrase)
    case .none: break
    }
    switch keyFile {
    case .some(let keyFile): try KeyFile.check(keyFile)
    case .none: break
    }
  }

  /// Seals a seed under a new salt and the current costs.
  func seal(
    _ seed: borrowing Seed, of member: (vault: Identifier, id: Identifier), _ hardness: Hardness,
    in arena: SecureArena
  ) throws -> SeedColumns {
    let factors = SeedFactors(factors)
    let lock = hardness == .standard ? SeedLock.standard(factors) : .floor(factors)
    let key = try lock.key(from: self, in: arena)
    return SeedColumns(
      passes: lock.passes, memory: lock.memory, salt: lock.salt, keyFile: factors.rawValue,
      seed: seed.sealed(under: key, lock, vault: member.vault, member: member.id))
  }
}

extension SeedLock {
  func key(from credential: borrowing Credential, in arena: SecureArena) throws -> KeyEncryptionKey {
    switch credential.passphrase {
    case .some(let passphrase):
      switch credential.keyFile {
      case .some(let keyFile):
        try KeyFile.check(keyFile)
        return try key(from: passphrase, and: KeyFileKey(copying: keyFile, in: arena), in: arena)
      case .none: return try key(from: passphrase, in: arena)
      }
    case .none:
      switch credential.keyFile {
      case .some(let keyFile):
        try KeyFile.check(keyFile)
        return try key(from: KeyFileKey(copying: keyFile, in: arena), in: arena)
      case .none: throw CryptoError()
      }
    }
  }
}
