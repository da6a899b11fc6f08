internal import CustodyCrypto
package import CustodyLog
internal import CustodySecrets
internal import CustodyValues

extension Session {
  /// Seals the new refresh token in a file beside the vault's pin. Returns its path, or nil if this machine keeps no
  /// pins.
  func rescue(
    _ claim: borrowing ExchangeClaim, _ answer: borrowing ExchangeAnswer, after error: VaultError
  ) throws(VaultError) -> String? {
    guard let memory = core.memory else { return nil }
    do {
      let sealed: [UInt8]
      switch answer.refreshToken {
      case .some(let token):
        sealed = try claim.dataKey.seal(
          secret: token, core.context(ofRescued: claim.item, claim.item.generation, claim.revision), in: core.arena)
      case .none: return nil
      }
      let rescue = Rescue(
        revision: claim.revision, made: claim.item.life.made.position, generation: claim.item.generation,
        envelope: BoxPublicKey(core.holder.keys.box.bytes)?.wrap(claim.dataKey) ?? [], saved: core.now(), sealed: sealed
      )
      return try memory.keepRescue(rescue, of: claim.item.id)
    } catch let other {
      let why = (other as? SystemError)?.text ?? "it failed"
      throw VaultError(
        error.code,
        "the provider gave a new refresh token for \"\(claim.name)\" that could not be stored"
          + " (\(error.reason)), nor saved on this machine (\(why))", subject: claim.name,
        hint: "the one in the vault may be dead now; mend this, then an admin stores a new one"
      ).caused(by: other)
    }
  }

  /// Stores a refresh token that an earlier exchange on this machine could not store.
  /// - Parameter settingAside: true to move an unreadable one aside. Otherwise it is an error, because the token in
  ///   the vault may be invalid.
  package func takeInRescued(_ name: String, how: Leaving, settingAside: Bool) throws(VaultError) {
    try translating {
      guard let memory = core.memory, let item = try core.item(.token, name),
        let rescued = try memory.rescued(of: item.id)
      else { return }
      let isRead = try core.commit { transaction in
        let opened = try core.open(.token, name, for: .tokenExchange)
        guard core.isNewer(rescued, than: opened.item) else { return true }
        guard let secret = try core.open(rescued, by: opened) else { return false }
        try transaction.adopt(secret, opened, how)
        return true
      }
      if isRead { return memory.forgetRescue(of: item.id) }
      guard settingAside else { throw VaultError(unreadableRescueOf: name) }
      try memory.setRescueAside(of: item.id)
    }
  }
}

extension Core {
  func context(ofRescued item: Item, _ generation: UInt64, _ revision: UInt64) -> SealContext {
    SealContext(.rescued, vault: vault, item: item.id, version: generation, revision: revision)
  }

  /// Returns true if the rescued token is newer than the vault's value. Positions decide, except in a vault that was
  /// rolled back: it has an older value, or a newer one at a position that was lost; then times decide.
  fileprivate func isNewer(_ rescued: Rescue, than item: Item) -> Bool {
    let made = item.life.made
    return made.position == rescued.made || made.position < rescued.made && made.time <= rescued.saved
  }

  /// Opens a rescued token by the newest data key, or by the data key wrapped in the file. The log has the commitment
  /// of an older key. A later key belongs to a log that was rolled back: nothing but this file is left of it, and the
  /// file is trusted as the pin beside it is.
  fileprivate func open(_ rescued: Rescue, by opened: borrowing Opened) throws -> SecureBytes? {
    let (item, generation) = (opened.item, rescued.generation)
    let context = context(ofRescued: item, generation, rescued.revision)
    if generation == item.generation, let secret = try? opened.dataKey.openSecret(rescued.sealed, context, in: arena) {
      return secret
    }
    guard generation > 0, let dataKey: DataKey = try? holder.unwrap(rescued.envelope, in: arena) else { return nil }
    if generation > item.generation { return try? dataKey.openSecret(rescued.sealed, context, in: arena) }
    guard let commitment = try commitment(of: item, generation) else { return nil }
    guard commitment == dataKey.commitment(item: item.id, generation: generation) else { return nil }
    return try? dataKey.openSecret(rescued.sealed, context, in: arena)
  }
}

extension Core {
  /// Returns the commitment of an older data key. Only a rescue needs it, so it is looked up in the log.
  private func commitment(of item: Item, _ generation: UInt64) throws -> Digest? {
    var found: Digest?
    try eachEntry(below: history.size) { _, entry in
      guard entry.identifier(.item) == item.id, entry.number(.generation) == generation else { return }
      found = entry.digest(.commitment) ?? found
    }
    return found
  }
}

extension VaultError {
  fileprivate init(unreadableRescueOf name: String) {
    self.init(
      .integrity, "a refresh token of \"\(name)\" that was saved on this machine does not open", subject: name,
      hint:
        "have who saved it exchange it, or an admin store a new one; to go on with the one in the vault: \(step: .use(.askAgain))"
    )
  }
}
