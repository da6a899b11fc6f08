internal import CustodyEvidence
internal import CustodyCrypto
internal import CustodyLog
internal import CustodySystem
internal import CustodyValues
internal import CustodyStore

/// This machine's memory of one open vault: its pin, which moves after each durable commit, the kept fold, and any
/// conflict with the pin.
final class VaultMemory {
  private let folder: PinFolder
  private let vault: Identifier
  private let now: @Sendable () -> Timestamp
  /// The pin as it was before this session.
  private var before: Pin?
  /// The pin as it is now.
  private(set) var pin: Pin?
  private(set) var conflict: PinConflict?
  /// The recovery by which an earlier conflict ended, if this member had recorded it.
  private(set) var finished: RecordedRecovery?
  /// The kept fold that this session uses.
  private var kept: KeptFold?
  /// True if another process has moved the pin and kept its fold since this pin was read.
  private(set) var isOvertaken = false
  /// The error that prevents remembering what was verified. The vault can still be read.
  private var forgetful: VaultError?

  init(_ folder: PinFolder, of vault: Identifier, now: @escaping @Sendable () -> Timestamp) throws {
    (self.folder, self.vault, self.now) = (folder, vault, now)
    before = try folder.pin(of: vault)
    pin = before
  }

  /// Every signature below this position was checked on this machine. 0 if the vault contradicts the pin.
  var verifiedSize: UInt64 { conflict == nil ? pin?.verified ?? 0 : 0 }

  var vouchers: [Voucher] { before.map { [Voucher(.pin, size: $0.checkpoint.size, time: $0.pinned)] } ?? [] }

  /// Refuses to write if the vault contradicts the pin, or if the pin can't be stored.
  func checkContinuity() throws {
    if let conflict { throw conflict.error }
    if let forgetful { throw forgetful }
  }

  /// Compares a folded ledger with the pin, and sets `conflict`. Stores nothing.
  func compare(_ ledger: Ledger) {
    guard let pin, let newest = ledger.newest else { return }
    conflict = PinConflict(
      pin, found: ledger.checkpoint(newest), rootAtPin: ledger.watched, ledger.trail.recoveries)
  }

  /// Compares a folded ledger with the pin, and moves the pin forward. Without a pin, the vault's state becomes the
  /// first.
  func compare(_ ledger: Ledger, as member: Identifier) throws {
    guard let newest = ledger.newest, ledger.stopped == nil || pin != nil else { return }
    if let pin {
      compare(ledger)
      guard conflict == nil else { return finish(ledger, pin, member) }
      guard newest.size > pin.checkpoint.size else { return }
    }
    do { try keep(ledger) } catch let error as VaultError { forgetful = error }
  }

  /// Finishes a recovery whose command ended before it moved the pin. Its entry is this member's own and names exactly
  /// this pin.
  private func finish(_ ledger: Ledger, _ pin: Pin, _ member: Identifier) {
    let own = ledger.trail.recoveries.last {
      $0.author == member && $0.lost == pin.head && pin.knows(author: $0)
    }
    guard let own else { return }
    do {
      try recover(to: ledger)
      finished = own
    } catch { forgetful = error as? VaultError }
  }

  /// Moves the pin after a durable commit. A failure does not undo the commit; the next unlock reports it.
  func move(to ledger: Ledger) { if conflict == nil { try? keep(ledger) } }

  /// Pins the vault as it is, whatever was pinned before.
  func recover(to ledger: Ledger) throws {
    try keep(ledger, verified: (0, now()), replacing: conflict?.pin)
    (conflict, forgetful, before) = (nil, nil, nil)
  }

  /// Remembers that every signature of the log so far was checked.
  func noteVerified(_ ledger: Ledger) throws {
    guard conflict == nil, forgetful == nil, let newest = ledger.newest else { return }
    try keep(ledger, verified: (newest.size, now()))
  }

  private func keep(_ ledger: Ledger, verified: (UInt64, Timestamp)? = nil, replacing lost: Pin? = nil) throws {
    let known = lost == nil ? pin : nil
    let earlier = ledger.trail.heads(
      after: known.map { $0.earlier + [$0.head] } ?? [], below: ledger.history.size)
    guard let signed = ledger.newest.flatMap(ledger.signed),
      let new = Pin(
        signed.note, pinned: now(), verified: verified ?? known.map { ($0.verified, $0.verifiedAt) } ?? (0, now()),
        admins: PinnedAdmin.all(in: ledger.history), earlier: earlier)
    else { return }
    // A damaged fold may know fewer admins than there are.
    guard !ledger.history.isDamaged else { throw VaultError.damagedFold }
    pin = try folder.keep(new, of: vault, replacing: lost)
  }

  // MARK: Refresh tokens that the vault could not take

  /// Reserves space for a refresh token that the vault can't store. Throws if the disk is full, since the vault could
  /// not store the answer either. On any other error the exchange goes on without the reserve.
  func reserveRescue(of item: Identifier) throws(VaultError) {
    do throws(SystemError) {
      try Folder.makePrivate(folder.path)
      _ = try ReservedFile(path: folder.rescuePath(vault, item), count: Rescue.room)
    } catch {
      guard error.isNoSpace else { return }
      throw VaultError(
        .diskFull,
        "cannot exchange: \"\(PrintableText.escape(folder.path))\", where a new refresh token is saved if the vault can't"
          + " take it, has no room for that", subject: folder.path
      ).caused(by: error)
    }
  }

  func keepRescue(_ rescue: Rescue, of item: Identifier) throws -> String {
    let path = folder.rescuePath(vault, item)
    try ReservedFile(path: path, count: max(Rescue.room, rescue.bytes.count)).overwrite(rescue.bytes)
    return path
  }

  func rescued(of item: Identifier) throws -> Rescue? {
    let path = folder.rescuePath(vault, item)
    do { return try PlainFile.read(path, limit: 1 << 20).flatMap { Rescue($0) } } catch {
      throw VaultError(
        .failed, "cannot read \"\(PrintableText.escape(path))\", where a refresh token may be saved", subject: path,
        hint: "make it readable, or move it away"
      ).caused(by: error)
    }
  }

  /// Moves an unreadable rescue file aside, in case it can be mended.
  func setRescueAside(of item: Identifier) throws {
    let path = folder.rescuePath(vault, item)
    guard let bytes = try PlainFile.read(path, limit: 1 << 20) else { return }
    let file = try NewFile(path: path + ".unread", replacing: true)
    try file.write(bytes)
    try file.commit()
    forgetRescue(of: item)
  }

  /// Overwrites a rescue file whose token is now in the vault. The file keeps its space.
  func forgetRescue(of item: Identifier) {
    let path = folder.rescuePath(vault, item)
    guard let read = try? PlainFile.read(path, limit: 1 << 20), let rescue = Rescue(read),
      let file = try? ReservedFile(path: path, count: Rescue.room)
    else { return }
    try? file.overwrite([UInt8](repeating: 0, count: rescue.bytes.count))
  }

  // MARK: The fold, kept beside the pin

  /// Returns the kept fold to continue from. Nil if there is none, or if it is ahead of the pin.
  func fold(under keys: EpochKeys) -> History? {
    (isOvertaken, self.kept) = (false, nil)
    guard let pin, let kept = KeptFold(at: folder.foldPath(vault), of: vault, keys) else { return nil }
    guard kept.head.size <= pin.checkpoint.size else {
      isOvertaken = true
      return nil
    }
    guard let history = History(state: kept.head.state, rows: kept), history.size == kept.head.size else { return nil }
    self.kept = kept
    return history
  }

  /// Moves rows of a first fold into a file once there are too many to keep in memory.
  func giveUpRows(of audit: inout LogAudit, to draft: inout FoldDrafting?, under keys: EpochKeys) {
    guard audit.history.unsavedCount > folder.rowsInMemory else { return }
    draft = draft ?? foldDraft(under: keys)
    guard let draft else { return }
    audit.giveUpRows { history in
      draft.add(history)
      history.noteSaved()
      history.rebase(onto: draft)
    }
  }

  func foldDraft(under keys: EpochKeys) -> FoldDrafting? {
    guard conflict == nil, (try? Folder.makePrivate(folder.path)) != nil else { return nil }
    return try? FoldDrafting(for: folder.foldPath(vault), of: vault, in: keys.arena)
  }

  /// Stores the fold: the first one always, later ones once folding the new entries takes longer than writing them.
  func keepFold(_ ledger: Ledger) {
    guard conflict == nil, forgetful == nil, ledger.stopped == nil, pin != nil else { return }
    if let kept, ledger.begun > 0 {
      guard ledger.history.size - ledger.begun >= 6, kept.save(ledger.unsavedRows, ledger.foldHead, ledger.keys) else {
        return
      }
      ledger.noteFoldSaved()
    } else if let made = ledger.finishDraft() {
      kept = made
      ledger.stand(on: made)
    }
  }

  /// Removes a fold that could not be read. The next command folds the log from its first entry.
  func throwFoldAway() {
    kept?.close()
    kept = nil
    folder.removeFold(of: vault)
  }
}
