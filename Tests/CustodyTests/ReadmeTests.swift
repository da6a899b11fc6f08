import Custody
import CustodyValues
import CustodyTesting
import Foundation
import Testing

/// The README's example of the library, run as it stands there.
struct ReadmeTests {
  @Test func `the library's example does what it says`() throws {
    let temporary = try TemporaryVault()
    try temporary.furnish()
    let (path, member) = (temporary.path, try #require(temporary.people[.ada]))
    let state = temporary.folder + "/state"
    let passphrase = try secret(Person.ada.passphrase)

    let session = try Vault.open(at: path).unlock(as: member, by: .passphrase(passphrase), pins: PinFolder(path: state))
    try session.commit { try $0.share(.token, "contoso/crm-sync", Share(with: "dev", reason: "nightly sync")) }
    let secret = try session.reveal("contoso/crm-sync", how: .pipe)  // logged before it is returned

    #expect(text(secret) == "refresh-token-1")
    let here = try String(contentsOfFile: #filePath, encoding: .utf8)
    let readme = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("README.md")
    let block = try #require(
      try String(contentsOf: readme, encoding: .utf8).firstMatch(of: /```swift\n((?s:.*?))```/)?.output.1)
    let lines = block.split(separator: "\n")
    #expect(lines.count == 3)
    for line in lines { #expect(here.contains("    \(line)\n"), "\(line)") }
  }
}
