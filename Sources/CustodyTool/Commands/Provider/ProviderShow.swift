import ArgumentParser
import Custody
import CustodyExchange
import CustodyJSON

struct ProviderShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "All that is known of how one provider exchanges, and what is in doubt.",
    discussion: "With --json the preset itself, as \"custody provider add\" takes it.")

  @OptionGroup var options: GlobalOptions
  @Argument(help: "A provider, as \"custody provider list\" names it.", completion: .list(Preset.ids)) var id: String

  func run() throws {
    let provider = try Provider.named(id)
    guard !options.json else { return try Console.print(provider.preset.json.text(.indented)) }
    var particulars = Particulars()
    if let path = provider.path { particulars.add("kept_in", path) }
    particulars.add(provider.preset.json, as: [])
    try particulars.print(json: false)
  }
}

extension Particulars {
  /// Adds each value under its path of keys; an object of plain texts becomes one list.
  fileprivate mutating func add(_ value: JSONValue, as path: [String]) {
    let key = path.joined(separator: "_")
    guard let members = value.object?.members else { return add(key, value) }
    if ["classes", "fixed"].contains(path.last) {
      return add(key, .array(members.map { .string("\($0.key): \($0.value.string ?? $0.value.text())") }))
    }
    for member in members { add(member.value, as: path + [member.key]) }
  }
}
