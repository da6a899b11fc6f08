import CustodyEvidence
import Custody
import CustodyLog
import CustodyValues
import CustodyTesting
import Testing

/// Becoming a member: by comparing fingerprints, and never otherwise.
struct JoiningTests {
  let vault: TemporaryVault
  init() throws { vault = try TemporaryVault() }

  private func join(_ name: String = "carl", _ role: Role = .developer) throws -> (Identifier, Fingerprint) {
    let joined = try Vault.open(at: vault.path).join(
      Applicant(name, role), by: .passphrase(secret("carl's own four words")), hardness: .floor)
    return (joined.member, joined.fingerprint)
  }

  private func unlock(_ id: Identifier, _ passphrase: String = "carl's own four words") throws -> Session {
    try Vault.open(at: vault.path).unlock(
      as: id, by: .passphrase(secret(passphrase)), genesis: vault.genesis, pins: .unpinned)
  }

  @Test func `both sides see the same fingerprint, and who is approved can unlock`() throws {
    let (id, fingerprint) = try join()
    #expect(refusal { _ = try unlock(id) }?.code == .notApproved)
    let ada = try vault.session(.ada)
    let pending = try #require(try ada.requests().first)
    #expect(pending.fingerprint == fingerprint)
    #expect(pending.fingerprint.text.split(separator: "-").map(\.count) == [4, 4, 4, 4, 4, 4, 4, 4])
    try ada.commit { try $0.approve(id, fingerprint: fingerprint) }
    let carl = try unlock(id)
    #expect(carl.member?.name == "carl")
    #expect(try ada.requests().isEmpty)
    _ = try vault.session(.audrey).verifyLog()
  }

  @Test func `a fingerprint is the same however it is typed, and another is not`() throws {
    let (_, fingerprint) = try join()
    #expect(fingerprint.matches(fingerprint.text.uppercased().replacingOccurrences(of: "-", with: " ")))
    let (_, other) = try join()
    #expect(!fingerprint.matches(other.text))
    #expect(!fingerprint.matches(""))
  }

  @Test func `only an admin approves or denies, and an attempt is on record`() throws {
    let (id, fingerprint) = try join()
    for person in [Person.dev, .audrey] {
      let session = try vault.session(person)
      #expect(refusal { try session.commit { try $0.approve(id, fingerprint: fingerprint) } }?.code == .notPermitted)
      #expect(refusal { try session.commit { try $0.deny(id) } }?.code == .notPermitted)
    }
    var outcomes: [Outcome] = []
    try vault.session(.audrey).eachLogLine(LogFilter()) {
      if [.dev, .audrey].map({ vault.people[$0] }).contains($0.entry.actor) { outcomes.append($0.entry.outcome) }
    }
    #expect(outcomes == [.denied, .denied, .denied, .denied])
  }

  @Test func `a denied request is gone, and its author is no member`() throws {
    let (id, _) = try join()
    try vault.session(.ada).commit { try $0.deny(id) }
    #expect(refusal { _ = try unlock(id) }?.code == .notFound)
  }

  @Test func `a second member of the same name is refused`() throws {
    let (id, fingerprint) = try join("dev")
    let error = refusal { try vault.session(.ada).commit { try $0.approve(id, fingerprint: fingerprint) } }
    #expect(error?.code == .conflict)
  }

  @Test func `a request that was replaced in the file has another fingerprint`() throws {
    let (id, fingerprint) = try join()
    let (attacker, _) = try join("carl")
    let raw = try RawFile(vault.path)
    try raw.run(
      "UPDATE request SET request = (SELECT request FROM request WHERE id = x'\(attacker.hex)') WHERE id = x'\(id.hex)'"
    )
    let ada = try vault.session(.ada)
    #expect(try ada.unreadableRequests() == [id])
    #expect(refusal { try ada.commit { try $0.approve(id, fingerprint: fingerprint) } }?.code == .integrity)
  }

  @Test func `a request of another passphrase's seed is refused`() throws {
    let (id, fingerprint) = try join()
    let (other, _) = try join("eve")
    let raw = try RawFile(vault.path)
    try raw.run(
      "UPDATE request SET seed = (SELECT seed FROM request WHERE id = x'\(other.hex)') WHERE id = x'\(id.hex)'")
    let ada = try vault.session(.ada)
    #expect(refusal { try ada.commit { try $0.approve(id, fingerprint: fingerprint) } }?.code == .integrity)
  }

  @Test func `an audit key that was put in before someone joins shows in the fingerprint`() throws {
    let raw = try RawFile(vault.path)
    let before = try raw.rows("SELECT quote(audit_key) FROM vault")[0][0]
    // Another key that can be sealed to: the base point's double, say; here a member's own from another vault.
    let other = try TemporaryVault(.second)
    let foreign = try RawFile(other.path).rows("SELECT quote(audit_key) FROM vault")[0][0]
    try raw.run("UPDATE vault SET audit_key = \(foreign)")
    let (id, fingerprint) = try join()
    try raw.run("UPDATE vault SET audit_key = \(before)")
    let ada = try vault.session(.ada)
    #expect(try ada.unreadableRequests() == [id])
    #expect(refusal { try ada.commit { try $0.approve(id, fingerprint: fingerprint) } }?.code == .integrity)
  }

  @Test func `another vault in the place of theirs is told from it`() throws {
    let other = try TemporaryVault(.second)
    let error = refusal {
      _ = try Vault.open(at: other.path).unlock(
        as: vault.people[.dev] ?? .none, by: .passphrase(secret(Person.dev.passphrase)), genesis: vault.genesis,
        pins: .unpinned)
    }
    #expect(error?.code == .integrity)
  }

  @Test func `a wrong passphrase and a changed seed read alike`() throws {
    let id = vault.people[.dev] ?? .none
    let wrong = refusal { _ = try unlock(id, "wrong") }
    #expect(wrong?.code == .wrongPassphrase)
    try RawFile(vault.path).run("UPDATE member SET seed = zeroblob(length(seed)) WHERE id = x'\(id.hex)'")
    let changed = refusal { _ = try unlock(id, Person.dev.passphrase) }
    #expect(changed?.code == .wrongPassphrase)
    #expect(changed?.reason == wrong?.reason)
  }

  @Test(arguments: [
    ("passes", "2"), ("memory", "67108863"), ("passes", "4294967295"), ("memory", "4398046510080"), ("passes", "0"),
  ])
  func `costs that someone lowered or raised are refused before any work`(column: String, value: String) throws {
    let id = vault.people[.dev] ?? .none
    try RawFile(vault.path).run("UPDATE member SET \(column) = \(value) WHERE id = x'\(id.hex)'")
    #expect(refusal { _ = try unlock(id, Person.dev.passphrase) }?.code == .weakParameters)
  }

  @Test(arguments: [
    "", "Ada", "ada ", "-ada", "a\u{0}b", "a\nb", "a\u{202e}b", "é", "a/b", String(repeating: "a", count: 65),
  ])
  func `a name that can look like another is refused`(name: String) throws {
    #expect(refusal { _ = try join(name) }?.code == .badName)
  }
}
