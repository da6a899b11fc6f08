import Custody
import CustodyEvidence
import CustodyLog
import CustodyTesting
import CustodyValues
import Testing

/// Commands wait for the disk and for one another in transactions: as few as their promises need, each with one look at
/// how far the log has come.
struct TransactionCountTests {
  let vault: TemporaryVault
  init() throws {
    vault = try TemporaryVault()
    try vault.furnish()
  }

  private struct Count: Equatable {
    var reads = 0
    var writes = 0
    var refreshes = 0
    var listings = 0
    /// Of items, to be opened.
    var texts = 0
  }

  private func count(_ body: () throws -> Void) throws -> Count {
    let pins = PinFolder(path: vault.folder + "/pins")
    // So that the log is not folded from its beginning.
    for person in [Person.ada, .dev] { _ = try vault.session(person, pins: pins) }
    let statements = try StatementTrace.of(vault.path, body)
    func count(_ begins: (String) -> Bool) -> Int { statements.count { begins($0.text) } }
    let inside = statements.drop { $0.text != "BEGIN" }
    // The vault's first reads are of whose it is; behind them nothing is read outside of a transaction.
    let alone = inside.filter { $0.isAlone && !$0.text.hasPrefix("BEGIN") }
    #expect(alone.isEmpty, "\(alone.map(\.text))")
    return Count(
      reads: count { $0 == "BEGIN" }, writes: count { $0 == "BEGIN IMMEDIATE" },
      refreshes: inside.count { $0.text.contains("FROM checkpoint ORDER BY size DESC") },
      listings: count { $0.contains("ORDER BY item.id") },
      texts: count { $0.contains("FROM note WHERE entry") })
  }

  private func session(_ person: Person) throws -> Session {
    try vault.session(person, pins: PinFolder(path: vault.folder + "/pins"))
  }

  /// As `custody token share` calls the library.
  private func share(_ kind: ItemKind, _ name: String, by person: Person) throws -> String? {
    let session = try session(person)
    try session.require(Action(.share, kind))
    let (isThere, members) = (session.contains(kind, name), try session.knownMembers())
    let member = try #require(members.first { $0.name == (person == .ada ? "dev" : "bea") })
    let revision = try session.knownItem(kind, name).revision
    #expect(isThere && revision == 1)
    return try session.commit { transaction in
      try transaction.share(kind, name, Share(with: member.name))
      return kind == .token ? try transaction.connectorMissing(to: name, for: member.name) : nil
    }
  }

  @Test func `a share is one read and one commit, and opens no text of the item`() throws {
    var missing: String?
    let counted = try count { missing = try share(.token, "contoso/crm-sync", by: .ada) }
    #expect(missing == nil)
    #expect(counted == Count(reads: 1, writes: 1, refreshes: 2, listings: 0, texts: 0))
    let again = try count { _ = try share(.connector, "crm-sync", by: .dev) }
    #expect(again == Count(reads: 1, writes: 1, refreshes: 2, listings: 0, texts: 0))
  }

  @Test func `a share that leaves the connector out reads the connector alone`() throws {
    let counted = try count {
      let session = try session(.ada)
      let missing = try session.commit {
        try $0.share(.token, "contoso/crm-sync", Share(with: "bea"))
        return try $0.connectorMissing(to: "contoso/crm-sync", for: "bea")
      }
      #expect(missing == "crm-sync")
    }
    #expect(counted.reads == 1)
    #expect(counted.writes == 1)
    #expect(counted.listings == 0)
  }

  @Test func `a reveal is one read and one commit`() throws {
    let counted = try count {
      let session = try session(.ada)
      let isThere = session.contains(.token, "contoso/crm-sync")
      #expect(isThere)
      _ = try session.reveal("contoso/crm-sync", how: .pipe)
    }
    #expect(counted == Count(reads: 1, writes: 1, refreshes: 2, listings: 0, texts: 0))
  }

  @Test func `an exchange is one read and two commits, and opens each text once`() throws {
    _ = try share(.token, "contoso/crm-sync", by: .ada)
    let counted = try count {
      let session = try session(.dev)
      let isThere = session.contains(.token, "contoso/crm-sync")
      #expect(isThere)
      let claim = try session.claim("contoso/crm-sync")
      let answer = ExchangeAnswer(
        accessToken: try secret("access"), refreshToken: nil, facts: .init(obtained: vault.clock.now()))
      let isRotated = try session.finishExchange(claim, how: .pipe, answer)
      #expect(!isRotated)
    }
    #expect(counted == Count(reads: 1, writes: 2, refreshes: 3, listings: 0, texts: 3))
  }

  @Test func `whoever may not is refused on record, before they are asked for more`() throws {
    let audrey = try vault.session(.audrey)
    let size = audrey.logSize
    #expect(refusal { try audrey.require(.tokenShare) }?.code == .notPermitted)
    let after = audrey.logSize
    #expect(after == size + 1)
  }

  @Test func `whoever lost the right since they unlocked is refused by the change, and not by what was last read`()
    throws
  {
    let bea = try vault.session(.bea)
    try vault.session(.ada).commit { try $0.remove("bea") }
    try bea.require(.tokenShare)
    #expect(refusal { try bea.commit { try $0.share(.token, "contoso/crm-sync", Share(with: "dev")) } } != nil)
  }
}
