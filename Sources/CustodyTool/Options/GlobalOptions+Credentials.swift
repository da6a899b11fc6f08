import Custody
import CustodyAgent
import CustodySecrets
import CustodySystem
import CustodyValues

/// Reads a member's passphrase and key file, as far as the vault says that they need them.
extension GlobalOptions {
  func credential(of member: Identifier, in vault: borrowing Vault) throws -> Credential {
    try credential(vault.protection(of: member).factors, of: member, in: vault.id)
  }

  func credential(_ factors: Credential.Factors, of member: Identifier, in vault: Identifier) throws -> Credential {
    guard factors.keyFile else {
      guard keyFile == nil else {
        throw VaultError(.usage, "you unlock by a passphrase alone, and have no key file", hint: "leave --key-file out")
      }
      return try .passphrase(passphrase())
    }
    let key = try KeyFilePlace.find(keyFile, of: member, in: vault).read()
    return factors.passphrase ? try .passphrase(passphrase(), keyFile: key) : .keyFile(key)
  }
}

/// Makes the credential of a new member or machine.
extension GlobalOptions {
  func newCredential(forMachine isMachine: Bool = false) throws -> Credential {
    guard let keyFile else { return try .passphrase(newPassphrase()) }
    guard !isMachine else { return try .keyFile(KeyFilePlace(keyFile).readOrMake()) }
    let passphrase = try newPassphrase()
    return try .passphrase(passphrase, keyFile: KeyFilePlace(keyFile).readOrMake())
  }

  /// The absolute path of the key file given, to be remembered for the next unlocking.
  var keyFilePath: String? { keyFile.map { KeyFilePlace($0).absolute } }
}

/// The path of a key file.
struct KeyFilePlace {
  /// The key file's name among systemd's credentials (`LoadCredential=`, `LoadCredentialEncrypted=`).
  static let credentialName = "custody.key"

  let path: String
  private var isCredential = false

  init(_ path: String) { self.path = path }

  /// Finds the key file: as given for this command, in the environment, among systemd's credentials, or where it was
  /// last time.
  static func find(_ named: String?, of member: Identifier, in vault: Identifier) throws -> KeyFilePlace {
    if let named = named ?? Environment.value("CUSTODY_KEY_FILE") { return KeyFilePlace(named) }
    if let folder = Environment.value("CREDENTIALS_DIRECTORY") {
      var place = KeyFilePlace("\(folder)/\(credentialName)")
      place.isCredential = true
      if try FileStatus.ifPresent(place.path) != nil { return place }
    }
    if let path = try LocalState(vault: vault).members.first(where: { $0.id == member })?.keyFile {
      return KeyFilePlace(path)
    }
    throw VaultError(.wrongPassphrase, "cannot unlock: you need your key file", hint: "name it: --key-file PATH")
  }

  func read() throws -> SecureBytes {
    do {
      let bytes = try Input.privateFile(path, limit: KeyFile.count, isCredential: isCredential)
      try KeyFile.check(bytes)
      return bytes
    } catch InputError.cannotOpen(let error) {
      throw VaultError(
        .badInput, "cannot open the key file \"\(PrintableText.escape(path))\": \(error.text)", subject: path,
        hint: "name it: --key-file PATH")
    } catch InputError.notPlainFile {
      throw VaultError(
        .badInput, "cannot read the key file \"\(PrintableText.escape(path))\": it is not a plain file", subject: path,
        hint: "name the file that Custody made")
    } catch InputError.tooLong {
      throw VaultError(
        .badInput, "a key file has \(KeyFile.count) bytes, and \"\(PrintableText.escape(path))\" has more",
        subject: path,
        hint: "name the file that Custody made")
    }
  }

  /// Reads the key file, or makes one that is durable before anything is sealed under it. A failure later leaves the
  /// new file, and the next attempt uses it.
  func readOrMake() throws -> SecureBytes {
    guard try FileStatus.ifPresent(path) == nil else { return try read() }
    let key = try KeyFile.random()
    do {
      let file = try NewFile(path: path, mode: 0o400)
      try file.write(key)
      try file.commit()
    } catch {
      throw VaultError(
        error.isNoSpace ? .diskFull : .badInput,
        "cannot make the key file \"\(PrintableText.escape(path))\": \(error.text)", subject: path,
        hint: "name another place for it")
    }
    Console.say("made the key file \(PrintableText.escape(path)): keep a copy where the vault is not")
    return key
  }

  /// The path from the root, valid in any working directory.
  var absolute: String { PlainPath.of(path) ?? path }
}
