package import CustodySystem
internal import CustodyCrypto
package import CustodyLog
package import CustodySecrets
internal import CustodyValues

extension Session {
  /// Opens the refresh tokens and connector secrets of several items. Each reveal has its own entry, and all entries
  /// are durable, in one commit, before any secret is returned.
  package func reveal(
    _ items: [(kind: ItemKind, name: String)], how: Leaving, progress: @escaping ProgressReport = { _, _ in }
  ) throws(VaultError) -> [SecretBox] {
    guard !items.isEmpty else { return [] }
    let tally = Tally(of: UInt64(items.count), progress)
    return try translating {
      try core.commit { transaction in
        try items.map { wanted in
          defer { tally.add() }
          let action = Action(.reveal, wanted.kind)
          let opened = try core.open(wanted.kind, wanted.name, for: action)
          let secret = try opened.secret(in: core.arena)
          try transaction.declareReveal(of: opened.item, how)
          return SecretBox(secret)
        }
      }
    }
  }
}

extension Transaction {
  func declareReveal(of item: Item, _ how: Leaving) throws {
    _ = try append(Action(.reveal, item.kind)) { entry in
      entry.set(.item, item.id)
      entry.set(.revision, item.revision)
      entry.set(.generation, item.generation)
      entry.set(.how, how.rawValue)
    }
  }
}
