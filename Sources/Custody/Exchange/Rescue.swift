internal import CustodyCrypto
package import CustodyLog
internal import CustodyMemory

/// A new refresh token that the vault could not take (a full disk, a lock that stays), sealed as it would have been, in a
/// file whose room was taken before the request left.
struct Rescue {
  static let magic = Array("custody-rescue/v1\n".utf8)
  /// Room for a token of 15 KiB; longer ones grow the file if they can.
  static let room = 16 * 1024

  let revision: UInt64
  let generation: UInt64
  let sealed: [UInt8]

  var bytes: [UInt8] {
    var writer = OctetWriter()
    writer.write(revision)
    writer.write(generation)
    writer.write(UInt64(sealed.count))
    return Self.magic + writer.bytes + sealed
  }

  init(revision: UInt64, generation: UInt64, sealed: [UInt8]) {
    (self.revision, self.generation, self.sealed) = (revision, generation, sealed)
  }

  /// Nil for a file with nothing in it.
  init?(_ bytes: [UInt8]) {
    guard bytes.starts(with: Self.magic) else { return nil }
    var reader = OctetReader(Array(bytes.dropFirst(Self.magic.count)))
    guard let revision = try? reader.number(), let generation = try? reader.number(), let count = try? reader.number(),
      let end = Int(exactly: count).map({ Self.magic.count + 24 + $0 }), end <= bytes.count
    else { return nil }
    self.init(revision: revision, generation: generation, sealed: Array(bytes[(Self.magic.count + 24)..<end]))
  }
}

extension PinFolder {
  func rescuePath(_ vault: Identifier, _ item: Identifier) -> String { "\(path)/\(vault.hex).\(item.hex).rescue" }
}

extension Session {
  /// Seals the new refresh token beside the vault's pin. Returns where, or nothing where this machine keeps no pins.
  func rescue(
    _ claim: borrowing ExchangeClaim, _ answer: borrowing ExchangeAnswer, after error: VaultError
  ) throws(VaultError) -> String? {
    guard let memory = core.memory else { return nil }
    do {
      let context = SealContext(
        .rescued, vault: core.vault, item: claim.item.id, version: claim.item.generation, revision: claim.revision)
      let sealed: [UInt8]
      switch answer.refreshToken {
      case .some(let token): sealed = try claim.dataKey.seal(secret: token, context, in: core.arena)
      case .none: return nil
      }
      return try memory.keepRescue(
        Rescue(revision: claim.revision, generation: claim.item.generation, sealed: sealed), of: claim.item.id)
    } catch let other {
      let why = (other as? SystemError)?.text ?? "it failed"
      throw VaultError(
        error.code,
        "the provider gave a new refresh token for \"\(claim.name)\" that could not be stored"
          + " (\(error.reason)), nor saved beside the pin (\(why))", subject: claim.name,
        hint: "the one in the vault may be dead now; mend this, then an admin stores a new one")
    }
  }

  /// Takes a refresh token in that an exchange on this machine could not store. Says whether there was one.
  @discardableResult
  package func takeInRescued(_ name: String, how: Leaving) throws(VaultError) -> Bool {
    try translating {
      guard let memory = core.memory, let item = core.item(.token, name),
        let rescued = try memory.rescued(of: item.id)
      else { return false }
      let isTaken = try core.commit { transaction in
        let opened = try core.open(.token, name, for: .tokenExchange)
        let item = opened.item
        // Whatever was stored since is newer.
        guard item.revision == rescued.revision else { return false }
        guard item.generation == rescued.generation else {
          throw VaultError(
            .conflict,
            "a refresh token of \"\(name)\" is saved on this machine under a data key that was replaced since",
            subject: name, hint: "an admin stores a new one: \"custody token rotate \(name)\"")
        }
        let context = SealContext(
          .rescued, vault: core.vault, item: item.id, version: item.generation, revision: item.revision)
        let secret: SecureBytes
        do { secret = try opened.dataKey.openSecret(rescued.sealed, context, in: core.arena) } catch is CryptoError {
          throw core.broken(item, "the refresh token that was saved for it on this machine does not open")
        }
        try transaction.adopt(secret, opened, how, sent: rescued.revision)
        return true
      }
      memory.forgetRescue(of: item.id)
      return isTaken
    }
  }
}
