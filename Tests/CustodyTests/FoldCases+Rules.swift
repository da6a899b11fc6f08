import CustodyCrypto
import CustodyLog
import CustodyValues
import Foundation

extension FoldCase {
  /// An entry that is right but for who writes it, or for what is changed of it.
  private static func act(
    _ name: String, _ action: Action, _ author: @escaping @Sendable (CaseLog) -> CaseLog.Author,
    _ details: @escaping @Sendable (CaseLog, inout EntryDraft) throws -> Void
  ) -> FoldCase {
    FoldCase(name) { log in try log.entry(action, author(log)) { try details(log, &$0) } }
  }

  /// Behind what has to come before.
  private func after(_ prepare: @escaping @Sendable (CaseLog) throws -> Void) -> FoldCase {
    FoldCase(name, stops: stops) { log in
      try prepare(log)
      return try make(log)
    }
  }

  private static func enrolling(
    _ name: String, _ change: @escaping @Sendable (CaseLog, inout EntryDraft) throws -> Void
  ) -> FoldCase {
    act(name, .memberEnroll, \.ada) { log, draft in
      log.person(&draft, log.eve, .developer)
      log.enrolled(&draft, log.eve)
      try change(log, &draft)
    }
  }

  /// A key of order 8, and one of eight times the main order. Verifiers disagree on signatures by them.
  private static let smallOrder = "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"
  private static let notCanonical = "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"

  private static func bytes(_ hex: String) -> Digest {
    let digits = Array(hex)
    let bytes = stride(from: 0, to: digits.count, by: 2).map { UInt8(String(digits[$0...($0 + 1)]), radix: 16) ?? 0 }
    return Digest(bytes[...]) ?? SHA256.hash([])
  }

  static let members: [FoldCase] = [
    enrolling("a member who is enrolled already") { log, draft in draft.set(.member, log.dan.id) },
    enrolling("a member without an ID") { _, draft in draft.set(.member, Identifier.none) },
    enrolling("a name that is taken") { _, draft in draft.set(.name, "dan") },
    enrolling("keys that are taken") { log, draft in draft.set(.signKey, log.dan.keys.entries.bytes) },
    enrolling("one key for two uses") { log, draft in draft.set(.signKey, log.eve.keys.checkpoints.bytes) },
    enrolling("a machine as admin") { _, draft in
      draft.set(.machine, "any")
      draft.set(.role, "admin")
    },
    enrolling("a box key that leads nowhere") { _, draft in draft.set(.boxKey, bytes(String(repeating: "0", count: 64)))
    },
    enrolling("a box key of order 8") { _, draft in
      draft.set(.boxKey, bytes("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"))
    },
    enrolling("another box key of order 8") { _, draft in
      draft.set(.boxKey, bytes("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"))
    },
    enrolling("a box key that is not canonical") { _, draft in draft.set(.boxKey, bytes(notCanonical)) },
    enrolling("a signing key of order 8") { _, draft in draft.set(.signKey, bytes(smallOrder)) },
    enrolling("a signing key that is not canonical") { _, draft in draft.set(.cosignKey, bytes(notCanonical)) },
    enrolling("a signing key that is no point") { _, draft in
      draft.set(.checkpointKey, bytes("02" + String(repeating: "0", count: 62)))
    },
    act("a vault that is founded again", .vaultCreate, \.ada) { log, draft in
      log.person(&draft, log.eve, .admin)
      draft.set(.auditKey, try log.auditKey())
    },
    act("a role that they have", .memberRole, \.ada) { log, draft in
      try log.epoch(&draft, log.dan)
      draft.set(.role, "developer")
    },
    act("a machine that becomes an admin", .memberRole, \.ada) { log, draft in
      try log.epoch(&draft, log.rob)
      draft.set(.role, "admin")
    },
    act("the removal of nobody", .memberRemove, \.ada) { log, draft in try log.epoch(&draft, log.eve) },
    act("an audit key that was used before", .memberRemove, \.ada) { log, draft in
      try log.epoch(&draft, log.dan)
      draft.set(.auditKey, log.history.auditKey ?? log.digest())
    },
    act("an audit key that leads nowhere", .memberRemove, \.ada) { log, draft in
      try log.epoch(&draft, log.dan)
      draft.set(.auditKey, bytes("01" + String(repeating: "0", count: 62)))
    },
    act("the removal of the last admin", .memberRemove, \.ada) { log, draft in try log.epoch(&draft, log.ada) }.after {
      log in try log.add(.memberRemove, log.ada) { try log.epoch(&$0, log.bea) }
    },
  ]

  /// Entries that break no rule, near as they are to others that do.
  static let sound: [FoldCase] = [
    act("a connector under a token's tag", .connectorRegister, \.dev) { log, draft in
      log.newItem(&draft, Identifier.random())
      draft.set(.tag, log.history.items[log.token]?.tag ?? log.digest())
    },
    act("a token under a connector's tag", .tokenStore, \.ada) { log, draft in
      log.newItem(&draft, Identifier.random())
      log.destination(&draft)
      draft.set(.connector, log.connector)
      draft.set(.tag, log.history.items[log.connector]?.tag ?? log.digest())
    },
    act("a new metadata key by an admin, of one that nobody lost", .connectorRenew, \.ada) { log, draft in
      log.renewal(&draft, log.own)
    },
    act("a new metadata key by a holder, of one that somebody lost the right to", .tokenRenew, \.rob) { log, draft in
      log.renewal(&draft, log.token)
    }.after { log in
      try log.add(.tokenUnshare, log.ada) {
        $0.set(.item, log.token)
        $0.set(.to, log.dev.id)
      }
    },
    act("a registrar's new metadata key with the grant of one who had the old", .connectorUnshare, \.dev) {
      log, draft in
      log.renewal(&draft, log.connector)
      draft.set(.to, log.dan.id)
    },
  ]

  static let items: [FoldCase] = [
    act("an item that is there", .connectorRegister, \.dev) { log, draft in
      log.newItem(&draft, log.own)
      draft.set(.revision, 1)
      draft.set(.generation, 1)
    },
    act("a tag that is in use", .connectorRegister, \.dev) { log, draft in
      log.newItem(&draft, Identifier.random())
      draft.set(.tag, log.history.items[log.own]?.tag ?? log.digest())
    },
    act("an item that begins with its second metadata key", .connectorRegister, \.dev) { log, draft in
      log.newItem(&draft, Identifier.random())
      draft.set(.metadataGeneration, 2)
    },
    act("a token of no connector", .tokenStore, \.ada) { log, draft in
      log.newItem(&draft, Identifier.random())
      log.destination(&draft)
      draft.set(.connector, log.token)
    },
    act("an unknown item", .connectorRetire, \.ada) { _, draft in draft.set(.item, Identifier.random()) },
    act("an item of the other kind", .connectorRetire, \.ada) { log, draft in draft.set(.item, log.token) },
    act("an item that is retired", .connectorRekey, \.dev) { log, draft in log.value(&draft, log.own, isNew: false) }
      .after { log in try log.add(.connectorRetire, log.ada) { $0.set(.item, log.own) } },
    act("a connector of which tokens are in use", .connectorRetire, \.ada) { log, draft in
      draft.set(.item, log.connector)
    },
    act("a connector that another than its registrar retires", .connectorRetire, \.dan) { log, draft in
      draft.set(.item, log.own)
    },
    act("details that another than the registrar changes", .connectorChange, \.dan) { log, draft in
      log.change(&draft, log.connector)
    },
    act("a token's details that a developer changes", .tokenChange, \.dev) { log, draft in
      log.change(&draft, log.token)
    },
    act("a destination that an admin confirms who does not hold the token", .tokenConfirm, \.bea) { log, draft in
      log.destination(&draft)
      draft.set(.item, log.token)
      draft.set(.metadataGeneration, 1)
    },
  ]

  static let values: [FoldCase] = [
    act("a developer who rotates without a grant", .connectorRotate, \.dan) { log, draft in
      log.value(&draft, log.own, isNew: true)
    },
    act("an admin who rekeys without a grant", .tokenRekey, \.bea) { log, draft in
      log.value(&draft, log.token, isNew: false)
    },
    act("a rotation that skips a revision", .tokenRotate, \.ada) { log, draft in
      log.value(&draft, log.token, isNew: true)
      draft.set(.revision, 3)
    },
    act("a rotation under the old data key", .tokenRotate, \.ada) { log, draft in
      log.value(&draft, log.token, isNew: true)
      draft.set(.generation, 1)
    },
    act("a rekey with another revision", .tokenRekey, \.ada) { log, draft in
      log.value(&draft, log.token, isNew: true)
    },
    act("a holder who leaves another out", .tokenRekey, \.dev) { log, draft in
      log.value(&draft, log.token, isNew: false)
      draft.set(.without, [log.ada.id])
    },
    act("a holder who leaves out whose grant ends later", .connectorRekey, \.ada) { log, draft in
      log.value(&draft, log.connector, isNew: false)
      draft.set(.without, [log.dan.id])
    }.after { log in
      try log.add(.memberRole, log.bea) {
        try log.epoch(&$0, log.ada)
        $0.set(.role, "developer")
      }
    },
    act("somebody who leaves themself out", .tokenRekey, \.ada) { log, draft in
      log.value(&draft, log.token, isNew: false)
      draft.set(.without, [log.ada.id])
    },
    act("somebody left out who has no grant", .tokenRekey, \.ada) { log, draft in
      log.value(&draft, log.token, isNew: false)
      draft.set(.without, [log.bea.id])
    },
    act("an exchange from the cache that brings a value", .tokenExchange, \.dev) { log, draft in
      exchange(log, &draft)
      draft.set(.source, "cache")
    },
    act("an exchange that brings a value under another data key", .tokenExchange, \.dev) { log, draft in
      exchange(log, &draft)
      draft.set(.generation, 2)
    },
    act("an exchange by who does not hold the token", .tokenExchange, \.dan) { log, draft in exchange(log, &draft) },
    act("a reveal of an old value", .tokenReveal, \.dev) { log, draft in
      log.use(&draft, log.token)
      draft.set(.revision, 1)
      draft.set(.how, "pipe")
    }.after { log in
      try log.add(.tokenExchange, log.dev) { exchange(log, &$0) }
    },
    act("a reveal by whose grant has ended", .connectorReveal, \.dan) { log, draft in
      log.use(&draft, log.connector)
      draft.set(.how, "pipe")
    }.after { $0.time = $0.after(11) },
    act("the settlement of a value that was not replaced unseen", .tokenSettle, \.ada) { log, draft in
      draft.set(.item, log.token)
      draft.set(.revision, 1)
    },
    act("a settlement by who could not open the value", .tokenSettle, \.bea) { log, draft in
      draft.set(.item, log.token)
      draft.set(.revision, 1)
    }.after { log in
      try log.add(.tokenRotate, log.bea) { log.value(&$0, log.token, isNew: true) }
    },
    act("a revert where there was no value before", .tokenRevert, \.ada) { log, draft in
      log.value(&draft, log.token, isNew: true)
    },
    act("a revert by who could not open the value before", .connectorRevert, \.bea) { log, draft in
      log.value(&draft, log.connector, isNew: true)
    }.after { log in
      try log.add(.connectorRotate, log.ada) { log.value(&$0, log.connector, isNew: true) }
      try log.add(.connectorShare, log.ada) { log.share(&$0, log.connector, log.bea) }
    },
    act("a developer's revert of what an admin rotated", .connectorRevert, \.dev) { log, draft in
      log.value(&draft, log.connector, isNew: true)
    }.after { log in
      try log.add(.connectorRotate, log.ada) { log.value(&$0, log.connector, isNew: true) }
    },
    act("a revert of the same revision", .connectorRevert, \.dev) { log, draft in
      log.value(&draft, log.connector, isNew: false)
    }.after { log in
      try log.add(.connectorRekey, log.ada) { log.value(&$0, log.connector, isNew: false) }
    },
  ]

  @Sendable private static func exchange(_ log: CaseLog, _ draft: inout EntryDraft) {
    log.use(&draft, log.token)
    draft.set(.revision, (log.history.items[log.token]?.revision ?? 0) + 1)
    draft.set(.valueSHA256, log.digest())
    draft.set(.how, "nowhere")
  }

  static let grants: [FoldCase] = [
    act("a share by who does not hold the token", .tokenShare, \.bea) { log, draft in
      log.share(&draft, log.token, log.dan)
    },
    act("a share of an old data key", .tokenShare, \.ada) { log, draft in
      log.share(&draft, log.token, log.dan)
      draft.set(.generation, 1)
    }.after { log in
      try log.add(.tokenRekey, log.ada) { log.value(&$0, log.token, isNew: false) }
    },
    act("a share with an auditor", .tokenShare, \.ada) { log, draft in log.share(&draft, log.token, log.audrey) },
    act("a share with nobody", .tokenShare, \.ada) { log, draft in log.share(&draft, log.token, log.eve) },
    act("a share with an admin, with a metadata key", .tokenShare, \.ada) { log, draft in
      log.share(&draft, log.token, log.bea)
      draft.set(.metadataEnvelopeSHA256, log.digest())
    },
    act("a share with a developer, without a metadata key", .tokenShare, \.ada) { log, draft in
      log.share(&draft, log.token, log.bea)
      draft.set(.to, log.dan.id)
    },
    act("a share of another metadata key", .tokenShare, \.ada) { log, draft in
      log.share(&draft, log.token, log.dan)
      draft.set(.metadataGeneration, 2)
    },
    act("a share that outlasts its author's grant", .connectorShare, \.dan) { log, draft in
      log.share(&draft, log.connector, log.bea)
    },
    act("a share that leaves its recipient less than they had", .connectorShare, \.dan) { log, draft in
      log.share(&draft, log.connector, log.ada)
      draft.set(.until, log.after(5))
    },
    act("a grant that another than the registrar takes back", .connectorUnshare, \.dan) { log, draft in
      draft.set(.item, log.connector)
      draft.set(.to, log.ada.id)
    },
    act("a grant that a registrar takes back who does not hold the connector", .connectorUnshare, \.dev) { log, draft in
      draft.set(.item, log.connector)
      draft.set(.to, log.dan.id)
    }.after { log in
      try log.add(.connectorUnshare, log.dev) {
        $0.set(.item, log.connector)
        $0.set(.to, log.dev.id)
      }
    },
    act("a token's grant that a developer takes back", .tokenUnshare, \.dev) { log, draft in
      draft.set(.item, log.token)
      draft.set(.to, log.rob.id)
    },
    act("a grant that there is not", .tokenUnshare, \.ada) { log, draft in
      draft.set(.item, log.token)
      draft.set(.to, log.dan.id)
    },
    act("a grant that went with the role", .tokenUnshare, \.ada) { log, draft in
      draft.set(.item, log.token)
      draft.set(.to, log.dev.id)
    }.after { log in
      try log.add(.memberRole, log.ada) {
        try log.epoch(&$0, log.dev)
        $0.set(.role, "auditor")
      }
    },
  ]

  static let metadata: [FoldCase] = [
    act("a new metadata key by who does not hold the item", .connectorRenew, \.dan) { log, draft in
      log.renewal(&draft, log.own)
    },
    act("a new metadata key by whose grant has ended, by every clock but their own", .connectorRenew, \.dan) {
      log, draft in log.renewal(&draft, log.connector)
    }.after { log in
      let before = log.time
      log.time = log.after(11)
      try log.add(.logVerify, log.ada) { $0.set(.size, 1) }
      log.time = before
    },
    act("a new metadata key by a holder, of one that nobody lost", .connectorRenew, \.dev) { log, draft in
      log.renewal(&draft, log.own)
    },
    act("a new metadata key by a holder, once another took the one that nobody has any more", .tokenRenew, \.rob) {
      log, draft in log.renewal(&draft, log.token)
    }.after { log in
      try log.add(.tokenUnshare, log.ada) {
        $0.set(.item, log.token)
        $0.set(.to, log.dev.id)
      }
      try log.add(.tokenRenew, log.ada) { log.renewal(&$0, log.token) }
    },
    act("a registrar's new metadata key with the grant of one who had none", .connectorUnshare, \.dev) { log, draft in
      log.renewal(&draft, log.connector)
      draft.set(.to, log.ada.id)
    },
    act("a new metadata key that skips one", .connectorRenew, \.ada) { log, draft in
      log.renewal(&draft, log.own)
      draft.set(.metadataGeneration, 3)
    },
    act("a new metadata key by who gives their own grant back", .connectorUnshare, \.dev) { log, draft in
      log.renewal(&draft, log.own)
      draft.set(.to, log.dev.id)
    },
    act("a note under an old metadata key", .tokenChange, \.ada) { log, draft in
      log.change(&draft, log.token)
      draft.set(.metadataGeneration, 1)
    }.after { log in
      try log.add(.tokenRenew, log.ada) { log.renewal(&$0, log.token) }
    },
    act("a note under a key that somebody has whose grant was taken", .tokenChange, \.ada) { log, draft in
      log.change(&draft, log.token)
    }.after { log in
      try log.add(.tokenUnshare, log.ada) {
        $0.set(.item, log.token)
        $0.set(.to, log.dev.id)
      }
    },
    act("a note under a key that somebody has who left", .tokenChange, \.ada) { log, draft in
      log.change(&draft, log.token)
    }.after { log in
      try log.add(.memberRemove, log.bea) { try log.epoch(&$0, log.dev) }
      try log.add(.tokenRekey, log.ada) { log.value(&$0, log.token, isNew: false) }
    },
    act("a note under a key that an auditor had who left", .tokenChange, \.ada) { log, draft in
      log.change(&draft, log.token)
    }.after { log in
      try log.add(.memberRemove, log.bea) { try log.epoch(&$0, log.audrey) }
    },
    act("a note under a key that somebody has whose grant has ended", .connectorChange, \.ada) { log, draft in
      log.change(&draft, log.connector)
    }.after {
      $0.time = $0.after(11)
    },
  ]
}
