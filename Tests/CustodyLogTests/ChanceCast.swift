import CustodyCrypto
import CustodyLog
import CustodyTesting
import CustodyValues

/// Five people who act at random, now and then against a rule.
final class ChanceCast {
  let story: Story
  private var people: [Story.Person]
  private var names = 0
  private var items: [Identifier] = []
  private let start: Timestamp

  init() throws {
    story = try Story()
    start = story.time
    people = [story.ada, story.dev, story.audrey, story.eve]
    let (connector, token) = try story.furnish()
    items = [connector, token]
    try story.enroll(story.eve, "eve", .developer)
    try story.add(.connectorShare, story.dev) { self.story.share(&$0, connector, self.story.eve) }
  }

  /// Folds one more entry, void or not.
  func step(_ chance: inout Chance) throws -> FoldedEntry {
    // Clocks differ, and time passes.
    story.time = start.adding(
      milliseconds: Int64(story.history.size) * 100 + Int64.random(in: -3000...3000, using: &chance))
    let active = people.filter { story.history.members[$0.id]?.isActive == true }
    let ada = chance.once(in: 3) ? active.first { $0 === story.ada } : nil
    let author = ada ?? active.randomElement(using: &chance) ?? story.ada
    return try story.fold(try entry(by: author, &chance).bytes)
  }

  private func entry(by author: Story.Person, _ chance: inout Chance) throws -> Entry {
    let other = people.randomElement(using: &chance) ?? story.dev
    switch Int.random(in: 0..<20, using: &chance) {
    case 0: return try story.entry(.logVerify, author) { $0.set(.size, 1) }
    case 1: return try newItem(author, &chance)
    case 2 where chance.once(in: 2): return try newcomer(author)
    case 3 where chance.once(in: 3):
      return try story.entry(.memberRemove, author) { self.story.leave(&$0, other) }
    case 4 where other !== story.ada:
      let role = Role.allCases.randomElement(using: &chance) ?? .developer
      return try story.entry(.memberRole, author) { self.story.leave(&$0, other, role) }
    default: return try itemEntry(by: author, other, &chance)
    }
  }

  private func newItem(_ author: Story.Person, _ chance: inout Chance) throws -> Entry {
    let (id, tag) = (Identifier.random(), UInt8.random(in: 0...255, using: &chance))
    items.append(id)
    guard chance.once(in: 2), let connector = items.first(where: { story.item($0)?.kind == .connector }) else {
      return try story.entry(.connectorRegister, author) { self.story.newItem(&$0, id, tag: tag) }
    }
    return try story.entry(.tokenStore, author) { self.story.newToken(&$0, id, of: connector, tag: tag) }
  }

  private func newcomer(_ author: Story.Person) throws -> Entry {
    let person = try Story.Person(story.arena)
    story.others.append(person)
    people.append(person)
    names += 1
    let name = "p\(names)"
    return try story.entry(.memberEnroll, author) {
      self.story.person(&$0, person, name, .developer)
      $0.set(.member, person.id)
      $0.set(.requestSHA256, Story.hash)
    }
  }

  private func itemEntry(by author: Story.Person, _ other: Story.Person, _ chance: inout Chance) throws -> Entry {
    let known = items.compactMap { story.item($0) }
    let used = known.filter { !$0.isRetired }
    guard let item = (chance.once(in: 12) ? known : used).randomElement(using: &chance) else {
      return try story.entry(.logVerify, author) { $0.set(.size, 1) }
    }
    // Mostly somebody who may.
    let holders = people.filter { story.history.grant(of: $0.id, in: item) != nil }
    let author = chance.once(in: 3) ? author : holders.randomElement(using: &chance) ?? author
    let kind = item.kind == .connector ? "connector" : "token"
    let verbs = ["change", "confirm", "rotate", "rekey", "renew", "renew", "share", "share", "share", "unshare", "use"]
    let verb = chance.once(in: 25) ? "retire" : verbs.randomElement(using: &chance) ?? "use"
    let word = verb == "use" ? (item.kind == .token ? "exchange" : "reveal") : verb
    let action = Action(rawValue: "\(kind).\(word)") ?? .connectorReveal
    let metadata = item.metadataKey.generation + (chance.once(in: 10) ? 1 : 0)
    let (says, ends, renews) = (chance.once(in: 2), chance.once(in: 3), chance.once(in: 2))
    let until = story.time.adding(milliseconds: Int64.random(in: -500...20_000, using: &chance))
    let leftOut = chance.once(in: 3) ? [other] : []
    let next = item.generation + 1
    return try story.entry(action, author) {
      switch verb {
      case "change": self.story.changed(&$0, item.id, metadata: metadata)
      case "confirm" where item.kind == .token: self.story.confirmed(&$0, item.id, metadata: metadata)
      case "rotate": self.story.rekeyed(&$0, item.id, item.revision + 1, next, without: leftOut)
      case "rekey": return self.story.rekeyed(&$0, item.id, item.revision, next, without: leftOut)
      case "renew": return self.story.renewal(&$0, item.id, metadata + 1)
      case "share":
        self.story.share(&$0, item.id, other, item.revision, item.generation, metadata: metadata)
        if ends { $0.set(.until, until) }
      case "unshare":
        self.story.unshare(&$0, item.id, other)
        if renews { self.story.renewal(&$0, item.id, metadata + 1) }
        if says { self.story.reason(&$0, metadata: renews ? metadata + 1 : metadata) }
        return
      case "retire": $0.set(.item, item.id)
      default: return self.story.reveal(&$0, item.id, item.revision, item.generation)
      }
      if says { self.story.reason(&$0, metadata: metadata) }
    }
  }
}
