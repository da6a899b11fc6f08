internal import CustodyEvidence
import ArgumentParser
import Custody
import CustodyJSON
import CustodyLog
import CustodyValues

struct MemberShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "One member, and what they have access to.")

  @OptionGroup var options: GlobalOptions
  @Argument(help: "The member's name.") var name: String

  func run() throws {
    let session = try options.unlock()
    let member = try Resolving.member(name, in: session)
    let members = try session.members()
    var particulars = Particulars()
    particulars.add("name", member.name)
    particulars.add("role", member.role.rawValue)
    particulars.add("kind", member.kind)
    particulars.add("id", member.id.hex)
    particulars.add("enrolled_by", members.first { $0.id == member.enrolledBy }?.name)
    particulars.add("log_entry", .integer(member.enrolled))
    if let removed = member.removed { particulars.add("removed_by_log_entry", .integer(removed)) }
    var holds: [JSONValue] = []
    func note(_ name: String, _ item: Item, _ grant: Grant?) {
      guard let grant, !item.isRetired else { return }
      holds.append([
        "kind": .string(item.kind.rawValue), "name": .string(name),
        "until": grant.until.map { .string($0.text) } ?? .null,
      ])
    }
    let noteDamaged = { (found: DamagedItem) in note(found.item.id.hex, found.item, found.grants[member.id]) }
    try session.eachConnector(damaged: noteDamaged) { note($0.details.name, $0.item, $0.grants[member.id]) }
    try session.eachToken(damaged: noteDamaged) { note($0.details.name, $0.item, $0.grants[member.id]) }
    particulars.add("holds", .array(holds))
    if options.json, !session.damages.isEmpty { particulars.add("damaged", session.damages.json) }
    try particulars.print(json: options.json)
    if !options.json { session.damages.say() }
  }
}
