import ArgumentParser

struct MemberCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "member", abstract: "The vault's members, and requests to become one.",
    subcommands: [
      MemberList.self, MemberShow.self, MemberApprove.self, MemberDeny.self, MemberRole.self, MemberRemove.self,
    ])
}
