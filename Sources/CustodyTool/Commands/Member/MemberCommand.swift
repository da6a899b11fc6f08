import ArgumentParser

struct MemberCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "member", abstract: "Who is in the vault, and who asks to be.",
    subcommands: [
      MemberList.self, MemberShow.self, MemberApprove.self, MemberDeny.self, MemberRole.self, MemberRemove.self,
    ])
}
