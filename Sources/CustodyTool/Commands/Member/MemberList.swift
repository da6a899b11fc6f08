import ArgumentParser
import Custody
import CustodyLog
import CustodyValues

struct MemberList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Members, and requests to become one with their fingerprints.")

  @OptionGroup var options: GlobalOptions
  @OptionGroup var report: ReportOptions
  @Flag(help: "Removed ones too.") var all = false

  func run() throws {
    let session = try options.unlock()
    var rows = Report("members", ["name", "role", "kind", "standing", "id", "fingerprint"])
    for member in try session.members() where all || member.isActive {
      let standing = member.removed.map { "removed by log entry \($0)" } ?? "member"
      rows.rows.append([member.name, member.role.rawValue, member.kind, standing, member.id.hex, nil])
    }
    let requests = try Console.counting("reading requests") { try session.joinRequests(progress: $0) }
    for pending in requests.pending {
      let request = pending.request
      rows.rows.append([
        request.name, request.role.rawValue, MachineUse.kind(request.machine), "asks to join", request.member.hex,
        pending.fingerprint.text,
      ])
    }
    try rows.print(report.format, json: options.json)
    warn(of: requests.unreadable)
  }

  /// Warns of requests that can't be read: up to five by their IDs, more by their number with the command that denies
  /// them all. Anyone who can write to the file can leave thousands.
  private func warn(of unreadable: [Identifier]) {
    guard unreadable.count <= 5 else {
      return Console.warn(
        "\(unreadable.count) requests are not what their author signed: deny them all with"
          + " \"custody member deny --unreadable\"")
    }
    for id in unreadable {
      Console.warn("request \(id.hex) is not what its author signed: deny it with \"custody member deny \(id.hex)\"")
    }
  }
}
