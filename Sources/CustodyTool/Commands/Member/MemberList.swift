import ArgumentParser
import Custody
import CustodyLog
import CustodyMemory

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
    for pending in try session.requests() {
      let request = pending.request
      rows.rows.append([
        request.name, request.role.rawValue, MachineUse.kind(request.machine), "asks to join", request.member.hex,
        pending.fingerprint.text,
      ])
    }
    try rows.print(report.format, json: options.json)
    for id in try session.unreadableRequests() {
      Console.warn("request \(id.hex) is not what its author signed: deny it with \"custody member deny \(id.hex)\"")
    }
  }
}
