import CustodyTesting
import Foundation
import Testing

struct InstallTests {
  /// The release build takes minutes, so `swift` is one that has built already.
  @Test func `an install has the binary, completions for three shells, and units that start it where it is`() throws {
    let folder = try TemporaryVault.makeFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let swift = folder + "/swift"
    try "#!/bin/sh\ncase \"$*\" in *show-bin-path*) echo '\(Products.folder)';; esac\n"
      .write(toFile: swift, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: swift)
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().path
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
        """,
      ])
    #expect(words.status == 0 && words.output.contains("token"), "\(words.output)")
    for file in ["zsh/site-functions/_custody", "fish/vendor_completions.d/custody.fish"] {
      #expect(try String(contentsOfFile: place + "/share/" + file, encoding: .utf8).contains("keepalive"))
    }
    let unit = try String(contentsOfFile: place + "/lib/systemd/user/custody-agent.service", encoding: .utf8)
    #expect(unit.contains("\nExecStart=/opt/custody/bin/custody agent\n"))
    #expect(try Products.run(place + "/bin/custody", ["--version"]).status == 0)
  }
}
