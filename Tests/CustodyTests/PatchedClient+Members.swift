import CustodyCrypto
import CustodyLog
import CustodyValues
import CustodyStore
import CustodyTesting
import Testing

@testable import Custody

/// Junk of a rogue admin, and what says nothing about an item.
extension Custody.Transaction {
  /// A role for dev, or his removal; the victim is audrey.
  func beginJunkEpoch(_ action: Action, _ junk: Junk) throws -> UInt64 {
    let (keys, epoch) = (core.ledger.keys, core.history.epoch + 1)
    let dev = try #require(core.history.member(named: "dev"))
    let vaultKey = try VaultKey.random(in: core.arena)
    let audit = try BoxKey.random(in: core.arena)
    var links = try keys.links(in: epoch, under: vaultKey, audit.publicKey, core.history.epochs)
    for place in links.indices {
      let link = links[place]
      switch (junk, link.kind) {
      case (.auditLink, .audit), (.vaultLink, .vault):
        let sealed = Sodium.randomBytes(link.sealed?.count ?? 0)
        links[place] = KeyWrapRow(link.kind, of: link.epoch, in: epoch, to: .none, sealed)
      case (.otherVaultLink, .vault):
        let sealed = vaultKey.seal(try VaultKey.random(in: core.arena), keys.linkContext(link.epoch, in: epoch))
        links[place] = KeyWrapRow(.vault, of: link.epoch, in: epoch, to: .none, sealed)
      default: break
      }
    }
    var wraps: [KeyWrapRow] = []
    for member in core.history.activeMembers where action == .memberRole || member.id != dev.id {
      let (box, isVictim) = (try core.boxKey(of: member), member.name == "audrey")
      let vault = isVictim && junk == .wraps ? Sodium.randomBytes(80) : box.wrap(vaultKey)
      wraps.append(KeyWrapRow(.vault, of: epoch, in: epoch, to: member.id, vault))
      guard member.role != .developer || member.id == dev.id else { continue }
      let auditWrap = isVictim && junk == .auditWrap ? Sodium.randomBytes(80) : box.wrap(audit)
      wraps.append(KeyWrapRow(.audit, of: epoch, in: epoch, to: member.id, auditWrap))
    }
    let (made, publicKey) = (wraps, audit.publicKey.bytes)
    let entry = try append(action) { entry in
      entry.set(.member, dev.id)
      entry.set(.auditKey, publicKey)
      entry.set(.wrapsSHA256, SealedHashes.wraps(made))
      entry.set(.previousSHA256, SealedHashes.wraps(links))
      if action == .memberRole { entry.set(.role, Role.admin.rawValue) }
    }
    if action == .memberRemove { try core.store.takeBackKeyWraps(of: dev.id) }
    for row in links + made { try core.store.put(row) }
    try core.store.updateAuditKey(publicKey)
    keys.adopt(vaultKey, audit, epoch: epoch)
    guard action == .memberRemove else { return entry }
    try core.store.deleteMember(dev.id)
    for item in core.history.items { try core.store.takeBackEnvelopes(of: item.id, recipient: dev.id) }
    return entry
  }

  /// The request that waits, with junk for its keys or in its place.
  func enroll(_ junk: Junk) throws -> UInt64 {
    let row = try #require(try core.store.requests().first)
    let request = try core.pending(row, core.ledger.leaf(0)).request
    let sealed = junk == .request ? Sodium.randomBytes(row.request.count) : row.request
    let wrap = Sodium.randomBytes(80)
    let epoch = core.history.epoch
    let wraps = [KeyWrapRow(.vault, of: epoch, in: epoch, to: row.id, wrap)]
    let entry = try append(.memberEnroll) { entry in
      entry.set(.member, row.id)
      entry.set(.name, request.name)
      entry.set(.role, request.role.rawValue)
      request.keys.name(in: &entry)
      entry.set(.seedSHA256, request.seedSHA256)
      entry.set(.requestSHA256, SHA256.hash(sealed))
      entry.set(.wrapsSHA256, SealedHashes.wraps(wraps))
    }
    try core.store.insert(MemberRow(id: row.id, seed: row.seed, request: sealed))
    for wrap in wraps { try core.store.put(wrap) }
    try core.store.deleteRequest(row.id)
    return entry
  }

  /// Numbers and hashes of nothing.
  func sign(_ action: Action) throws -> UInt64 {
    if action == .vaultCreate { return try createAgain() }
    let seen = core.ledger.head()
    if action == .memberRekey { return try rekeySeed() }
    return try append(action) { entry in
      switch action {
      case .memberDeny:
        entry.set(.request, Identifier.random())
        entry.set(.requestSHA256, SHA256.hash([1]))
      case .logExport:
        entry.set(.count, UInt64(Int64.max))
        entry.set(.format, "no such format")
        entry.set(.size, UInt64.max)
        entry.set(.filter, "action=none tenant=\u{202e}")
      case .logVerify: entry.set(.size, UInt64.max)
      case .vaultRepair:
        entry.set(.count, UInt64.max)
        entry.set(.restored, UInt64.max)
        entry.set(.quarantineSHA256, SHA256.hash([1]))
      case .logCosign:
        entry.set(seen, cosignature: Sodium.randomBytes(72))
      default:
        entry.set(.lostSize, UInt64.max)
        entry.set(.lostRoot, SHA256.hash([1]))
        entry.set(.reason, "junk")
      }
    }
  }

  private func rekeySeed() throws -> UInt64 {
    var row = try #require(try core.store.member(core.me))
    row.seed.seed = Sodium.randomBytes(row.seed.seed.count)
    let seed = row.seed
    let entry = try append(.memberRekey) { $0.set(.seedSHA256, SealedHashes.seed(seed)) }
    try core.store.update(row)
    return entry
  }

  /// Void: it is no first entry.
  private func createAgain() throws -> UInt64 {
    let author = try core.author()
    var draft = EntryDraft(
      EntryHeader(
        origin: core.history.origin, time: time, actor: core.me, seq: author.lastSeq + 1, seen: seen,
        action: .vaultCreate))
    let digests: [DetailKey] = [.boxKey, .checkpointKey, .cosignKey, .signKey, .seedSHA256, .wrapsSHA256, .auditKey]
    for key in digests { draft.set(key, SHA256.hash(Sodium.randomBytes(8))) }
    draft.set(.name, "mallory")
    draft.set(.role, Role.admin.rawValue)
    try core.ledger.appendUnchecked(draft, by: core.holder)
    return next - 1
  }
}
