public import CustodySecrets
internal import CustodyValues

/// Rules for passphrases, in bytes as typed.
public enum Passphrase {
  /// The longest passphrase, in bytes.
  public static let limit = 1024

  /// Checks that a passphrase is strong enough to guard other organisations' tokens. Whoever has the file can try as
  /// many as they can pay for.
  ///
  /// - Throws: ``VaultError``: `badInput` if it is empty or longer than `limit`, `weakPassphrase`.
  public static func check(_ passphrase: borrowing SecureBytes) throws(VaultError) {
    guard !passphrase.isEmpty else {
      throw VaultError(.badInput, "a passphrase cannot be empty", hint: "use at least four random words")
    }
    guard passphrase.count <= limit else {
      throw VaultError(.badInput, "a passphrase has at most \(limit) bytes", hint: "use a shorter one")
    }
    guard PassphraseStrength.weight(of: passphrase) >= PassphraseStrength.least else {
      throw VaultError(
        .weakPassphrase, "the passphrase is too easy to guess",
        hint: "use at least \(PassphraseStrength.least) characters, or four random words: common words count little")
    }
  }

  /// Generates a passphrase of seven random words, separated by spaces: 72 bits.
  ///
  /// - Throws: ``VaultError`` with the code `outOfMemory` if there is no guarded memory.
  public static func generate() throws(VaultError) -> SecureBytes { try translating { try ShortWords.phrase(of: 7) } }
}
