import CustodyEvidence
import CustodyLog
import CustodyValues
import CustodyTesting
import Foundation
import Testing

@testable import Custody

/// A change of a copy of the vault, and the members who must be able to go on.
struct HouseTrial {
  /// The row of the table: an action or a table, and the part that is changed.
  let row: String
  /// The author of an ill-meant entry. Nil for a changed row.
  var author: Person?
  var entry: UInt64?
  /// Members who can't go on, or are no members any more.
  var left: Set<Person> = []
  var item: Identifier?
  var kind: ItemKind?
  /// False if it need not be found: an entry that says nothing false, or a row that nobody vouches for.
  var isDamage = true
  /// True if only a member who opens the value can see it.
  var isOfValue = false

  var others: [Person] { Person.allCases.filter { $0 != author && !left.contains($0) } }
  var leaver: Person { author ?? .dev }
}

/// The commands that everyone must be able to run afterwards.
enum HouseCommand: String, CaseIterable {
  case list, show, exposure, due, logShow = "log show", reveal, export, bundle, verify, named, share, item, role, remove
  case after
}

/// Runs every command on one copy. A cell is what came; one that says "stops" is against the rule.
struct HouseRun {
  let house: HouseVault
  let copy: HouseCopy
  let trial: HouseTrial
  private(set) var cells: [HouseCommand: String] = [:]
  /// The damage that everyone's verification named.
  private var found: [Damage] = []

  init(_ house: HouseVault, _ copy: HouseCopy, _ trial: HouseTrial) {
    (self.house, self.copy, self.trial) = (house, copy, trial)
    for command in HouseCommand.allCases {
      do { cells[command] = try run(command) } catch let error as VaultError {
        cells[command] = "stops: \(error.reason)"
      } catch { cells[command] = "stops: \(error)" }
    }
  }

  var stops: [HouseCommand] { HouseCommand.allCases.filter { cells[$0]?.hasPrefix("stops") ?? false } }

  private struct Missed: Error, CustomStringConvertible { let description: String }

  private mutating func run(_ command: HouseCommand) throws -> String {
    switch command {
    case .list: return try each(list)
    case .show: return try each(show)
    case .exposure: return try each { person in _ = try copy.session(person).exposures() }
    case .due: return try each(due)
    case .logShow: return try each(logShow)
    case .reveal: return try each(reveal)
    case .export: return try each(export)
    case .bundle: return try bundle()
    case .verify:
      var found: [Damage] = []
      defer { self.found = found }
      return try each { found += try verified($0, opening: $0 != .audrey) }
    case .named: return try named()
    case .share: return try share()
    case .item: return try remedy()
    case .role: return try role()
    case .remove: return try remove()
    case .after: return try after()
    }
  }

  private func each(_ body: (Person) throws -> Void) throws -> String {
    for person in trial.others {
      do { try body(person) } catch let error as VaultError {
        throw Missed(description: "\(person): \(error.reason)")
      } catch { throw Missed(description: "\(person): \(error)") }
    }
    return "done"
  }

  private func baseline(_ person: Person) throws -> HouseBaseline { try #require(house.baseline[person]) }

  private func held(_ person: Person) throws -> [(kind: ItemKind, id: Identifier, name: String)] {
    try baseline(person).held.filter { $0.id != trial.item && !isOfRetired($0) }
  }

  /// True for tokens that were retired together with their connector.
  private func isOfRetired(_ held: (kind: ItemKind, id: Identifier, name: String)) -> Bool {
    trial.row.hasPrefix("connector.retire") && held.name.hasSuffix("/mail")
  }

  // MARK: Reading

  private func listed(_ session: borrowing Session) throws -> (found: Set<Identifier>, damaged: Set<Identifier>) {
    var (found, damaged): (Set<Identifier>, Set<Identifier>) = ([], [])
    try session.eachConnector(damaged: { damaged.insert($0.item.id) }, { found.insert($0.id) })
    try session.eachToken(damaged: { damaged.insert($0.item.id) }, { found.insert($0.id) })
    return (found, damaged)
  }

  private func list(_ person: Person) throws {
    let listed = try listed(copy.session(person))
    for id in try baseline(person).items where id != trial.item && !listed.found.contains(id) {
      // Its connector's tokens are retired with it, and gone from a developer's list.
      if trial.row.hasPrefix("connector.retire") { continue }
      throw Missed(description: "does not list \(id.hex)\(listed.damaged.contains(id) ? " but as damaged" : "")")
    }
    if let item = trial.item, try baseline(person).items.contains(item),
      !listed.found.contains(item), !listed.damaged.contains(item), try !isGone(item, for: person)
    {
      throw Missed(description: "does not list the item, nor name it")
    }
  }

  private func isGone(_ item: Identifier, for person: Person) throws -> Bool {
    let session = try copy.session(person)
    guard person == .dev, let known = session.core.history.items[item] else { return false }
    return !session.core.isListed(known)
  }

  private func show(_ person: Person) throws {
    let session = try copy.session(person)
    for one in try held(person) {
      if one.kind == .connector { _ = try session.connector(one.name) } else { _ = try session.token(one.name) }
      if one.kind == .token { _ = try session.lastExchange(of: one.id) }
    }
  }

  private func due(_ person: Person) throws {
    let session = try copy.session(person)
    let lives = Set(try session.tokenLives().map(\.listing.id))
    for one in try held(person) where one.kind == .token && !lives.contains(one.id) {
      throw Missed(description: "says nothing of \(one.name)")
    }
    _ = try session.lastExchanges()
  }

  private func logShow(_ person: Person) throws {
    let session = try copy.session(person)
    var shown: UInt64 = 0
    try session.eachLogLine(LogFilter(), void: { _ in shown += 1 }, { _ in shown += 1 })
    guard shown == session.logSize else { throw Missed(description: "shows \(shown) of \(session.logSize)") }
    guard try held(person).contains(where: { $0.name == "contoso/crm-sync" }) else { return }
    var filter = LogFilter()
    filter.token = "contoso/crm-sync"
    shown = 0
    try session.eachLogLine(filter) { _ in shown += 1 }
    guard shown > 3 else { throw Missed(description: "shows \(shown) of a token") }
  }

  private func reveal(_ person: Person) throws {
    let session = try copy.session(person)
    let all = try held(person)
    guard !all.isEmpty else { return }
    _ = try session.reveal(all.map { ($0.kind, $0.name) }, how: .pipe)
  }

  // MARK: Evidence

  private func export(_ person: Person) throws {
    // Each their own format beside the one that others verify: all of them for everybody are half of a run's time.
    let others = LogFormat.allCases.filter { $0 != .jsonl }
    let own = Person.allCases.firstIndex(of: person).map { others[$0 % others.count] }
    for format in [LogFormat.jsonl] + (own.map { [$0] } ?? []) {
      var bytes: [UInt8] = []
      _ = try copy.session(person).exportLog(LogFilter(), format) { bytes += $0 }
      guard format == .jsonl else { continue }
      let path = copy.folder + "/\(person).jsonl"
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      guard try Evidence.verify(at: path).verdicts.holds else { throw Missed(description: "lines do not hold") }
    }
  }

  private func bundle() throws -> String {
    let person = trial.others.contains(.audrey) ? Person.audrey : .ada
    var part = LogFilter()
    part.tenant = "contoso"
    for (name, filter) in [("whole", LogFilter()), ("part", part)] {
      if name == "part", trial.item != nil, try !held(.ada).contains(where: { $0.name == "contoso/crm-sync" }) {
        continue
      }
      let path = copy.folder + "/" + name
      _ = try copy.session(person).exportBundle(filter, to: path)
      guard try Evidence.verify(at: path).verdicts.holds else { throw Missed(description: "\(name) does not hold") }
    }
    return "verifies"
  }

  /// Returns the damage that one member's verification reports, in its verdicts or its error.
  private func verified(_ person: Person, opening: Bool) throws -> [Damage] {
    let session = try copy.session(person)
    do {
      let verdicts = try (opening ? session.verifyEverything() : session.verifyLog()).verdicts
      guard verdicts.holds else { throw Missed(description: "does not hold") }
      return verdicts.damage
    } catch let error as VaultError where error.code == .integrity && trial.author == nil && error.fault == nil {
      guard !error.damage.isEmpty else { throw error }
      return error.damage
    }
  }

  private func named() throws -> String {
    guard trial.isDamage else {
      guard found.isEmpty else { throw Missed(description: "names what is none: \(found[0].text)") }
      return "no damage"
    }
    guard let entry = trial.entry, let author = trial.author else {
      guard let first = found.first(where: { $0.index == nil }) else { throw Missed(description: "not named") }
      guard trial.item == nil || found.contains(where: { $0.item == trial.item }) else {
        throw Missed(description: "not its item: \(first.text)")
      }
      return "the file"
    }
    guard found.contains(where: { $0.index == entry && $0.author == author.rawValue }) else {
      throw Missed(description: "not named\(found.first.map { ", but: \($0.text)" } ?? "")")
    }
    if let wrong = found.first(where: { $0.index == nil }) {
      throw Missed(description: "accuses the file: \(wrong.text)")
    }
    return "by \(author)"
  }

  // MARK: Changing

  private func share() throws -> String {
    let isFree = try trial.item == nil || held(.ada).contains { $0.name == "contoso/crm-sync" }
    let name = isFree ? "contoso/crm-sync" : "fabrikam/mail"
    let recipient = trial.leaver == .bea || trial.left.contains(.bea) ? "ada" : "bea"
    try copy.session(.ada).commit { try $0.share(.token, name, Share(with: recipient, reason: "all the same")) }
    return "done"
  }

  private func remedy() throws -> String {
    guard let id = trial.item, let kind = trial.kind else { return "-" }
    var done: [String] = []
    let session = try copy.session(.ada)
    guard session.core.history.items[id]?.isRetired == false else { return "is retired" }
    let name = id.hex
    if refusal({ try session.commit { try $0.revert(kind, name, reason: "junk") } }) == nil {
      done.append("reverted")
    } else if refusal({ try session.commit { try $0.revert(kind, name) } }) == nil {
      done.append("reverted")
    } else {
      try session.commit { try $0.rotate(kind, name, secret: secret("NEW"), .takingOver()) }
      done.append("taken over")
    }
    guard try copy.session(.ada).opensValue(of: kind, name) else {
      throw Missed(description: "\(done[0]), and does not open")
    }
    try copy.session(.ada).commit { try $0.retire(kind, name, withTokens: true) }
    return done[0] + ", retired"
  }

  /// audrey's: where a rogue admin gave her junk for a key she has one again by it.
  private func role() throws -> String {
    _ = try copy.session(.ada).commit { try $0.setRole(of: "audrey", to: .developer) }
    _ = try copy.session(.audrey).members()
    return "done"
  }

  private func remove() throws -> String {
    _ = try copy.session(.ada).commit { try $0.remove(trial.leaver.rawValue, reason: "ill-meant", orphaning: true) }
    return "done"
  }

  private func after() throws -> String {
    for person in trial.others where person != trial.leaver {
      let session = try copy.session(person)
      _ = try listed(session)
      try session.eachLogLine(LogFilter()) { _ in }
      _ = try verified(person, opening: true)
    }
    return "done"
  }
}
