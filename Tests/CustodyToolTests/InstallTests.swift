import CustodyTesting
import Foundation
import Testing

@Suite(.waiting) struct InstallTests {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

  /// A release build takes minutes, so a stand-in for `swift` reports one that exists.
  @Test func `an install has the binary, completions for three shells, and units that start it where it is`() throws {
    let folder = try TemporaryVault.makeFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let swift = folder + "/swift"
    try
      "#!/bin/sh\nprintf %s \"$CUSTODY_COMMIT\" > '\(folder)/commit'\ncase \"$*\" in *show-bin-path*) echo '\(Products.folder)';; esac\n"
      .write(toFile: swift, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: swift)
    let root = Self.root
    let made = try Products.run(
      "/usr/bin/env", ["make", "-C", root, "install", "SWIFT=" + swift, "DESTDIR=" + folder, "PREFIX=/opt/custody"])
    #expect(made.status == 0, "\(made.output)")

    let place = folder + "/opt/custody"
    let words = try Products.run(
      "/usr/bin/env",
      [
        "bash", "-c",
        """
        source \(place)/share/bash-completion/completions/custody
        COMP_WORDS=(custody tok) COMP_CWORD=1 COMP_LINE='custody tok' COMP_POINT=11
        _custody custody tok custody 2>&1 && echo "${COMPREPLY[@]}"
        COMP_WORDS=(custody help '') COMP_CWORD=2 COMP_LINE='custody help ' COMP_POINT=13
        _custody custody '' help 2>&1 && echo "${COMPREPLY[@]}"
        """,
      ])
    #expect(words.status == 0 && words.output.contains("token"), "\(words.output)")
    for topic in ["exit-codes", "security", "unlock"] { #expect(words.output.contains(topic), "\(words.output)") }
    for file in ["zsh/site-functions/_custody", "fish/vendor_completions.d/custody.fish"] {
      #expect(try String(contentsOfFile: place + "/share/" + file, encoding: .utf8).contains("keepalive"))
    }
    // Under share, since systemd also looks in ~/.local/share.
    let unit = try String(contentsOfFile: place + "/share/systemd/user/custody-agent.service", encoding: .utf8)
    #expect(unit.contains("\nExecStart=/opt/custody/bin/custody agent\n"))
    let version = try Products.run(place + "/bin/custody", ["--version"])
    #expect(version.status == 0)
    #expect(version.output.wholeMatch(of: /custody \d+\.\d+\.\d+( \([0-9a-f]{7,}(-dirty)?\))?\n/) != nil, "\(version)")
    let commit = try String(contentsOfFile: folder + "/commit", encoding: .utf8)
    let described = try Products.run(
      "/bin/sh", ["-c", "cd '\(root)' && test -e .git && git describe --always --dirty --abbrev=7 --exclude='*'"])
    #expect(commit == (described.status == 0 ? described.output.trimmingCharacters(in: .newlines) : ""))

    let page = try String(contentsOfFile: place + "/share/man/man1/custody-token-share.1", encoding: .utf8)
    #expect(page.contains(".Nm custody\\-token\\-share\n"))
    let pages = try FileManager.default.contentsOfDirectory(atPath: place + "/share/man/man1")
    #expect(Set(pages) == Set(try ManualTests.pages().keys.map { $0 + ".1" }))
  }

  @Test(arguments: ["opt", "./opt", "/opt/a&b", "/opt/a b", "/opt/a|b", "/opt/100%"])
  func `a place that a unit can't name is refused before anything is built`(prefix: String) throws {
    let folder = try TemporaryVault.makeFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let made = try Products.run(
      "/usr/bin/env", ["make", "-C", Self.root, "install", "SWIFT=false", "DESTDIR=" + folder, "PREFIX=" + prefix])
    #expect(made.status != 0 && made.output.contains("PREFIX must be an absolute path"), "\(made.output)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
  }

  /// The C file that the manifest writes; a build of each would take minutes.
  @Test(arguments: [("c755c94-dirty", "c755c94-dirty"), ("\";rm -rf /", "rm-rf"), ("", "")])
  func `the commit that a build is told of is in one C file`(told: String, compiled: String) throws {
    let folder = try TemporaryVault.makeFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let package = try Products.run(
      "/usr/bin/env",
      [
        "CUSTODY_COMMIT=" + told, "swift", "package", "--package-path", Self.root, "--scratch-path", folder,
        "dump-package",
      ])
    #expect(package.status == 0 && package.output.contains(#"CUSTODY_COMMIT=\"\#(compiled)\""#), "\(package.output)")
  }
}
