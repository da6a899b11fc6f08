import CustodyTesting
import Foundation
import Testing

/// The manual pages as `make install` gets them from the tool.
@Suite(.waiting) struct ManualTests {
  static let custody = Products.folder + "/custody"

  /// True if a program is installed. On CI the Makefile installs it, and nothing is skipped.
  static func has(_ program: String) -> Bool {
    FileManager.default.isExecutableFile(atPath: "/usr/bin/" + program)
      || ProcessInfo.processInfo.environment["CI"] != nil
  }

  /// The words of each command, by the name of its page.
  static func pages() throws -> [String: [String]] {
    let (status, output) = try Products.run(custody, ["help", "--pages"])
    #expect(status == 0)
    return Dictionary(
      uniqueKeysWithValues: output.split(separator: "\n").map { line in
        let words = line.split(separator: " ").map(String.init)
        return (words.joined(separator: "-"), Array(words.dropFirst()))
      })
  }

  static func text(_ words: [String]) throws -> String {
    let (status, text) = try Products.run(custody, ["help", "--manual"] + words)
    #expect(status == 0)
    return text
  }

  /// The text of each page by its name, made once: a debug build needs a while for each.
  static let texts = Result {
    try Dictionary(uniqueKeysWithValues: pages().map { ($0.key, try text($0.value)) })
  }

  static func inFiles(_ body: (String) throws -> Void) throws {
    let folder = try TemporaryVault.makeFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for (name, text) in try texts.get() {
      try text.write(toFile: "\(folder)/\(name).1", atomically: true, encoding: .utf8)
    }
    try body(folder)
  }

  @Test func `there is a page of each command that help shows`() throws {
    let pages = try Self.pages()
    #expect(pages.count > 50 && pages["custody-agent"] == nil)
    for name in ["custody", "custody-init", "custody-token", "custody-token-share", "custody-help"] {
      #expect(pages[name] != nil, "\(name)")
    }
    for (name, text) in try Self.texts.get() {
      for section in ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXIT STATUS", "SEE ALSO"] {
        #expect(text.contains("\n.Sh \(section)\n"), "\(name) has no \(section)")
      }
      for other in text.matches(of: #/\n\.Xr (\S+) 1/#) {
        #expect(pages[String(other.output.1).replacing("\\-", with: "-")] != nil, "\(name): \(other.output.1)")
      }
    }
    #expect(try Products.run(Self.custody, ["help", "--manual", "nonsense"]).status == 3)
  }

  @Test func `every example is one that the tool takes`() throws {
    var found = Set<String>()
    for text in try Self.texts.get().values {
      for block in text.matches(of: #/\n\.Bd -literal -offset indent\n(.*)\n\.Ed/#) {
        found.insert(String(block.output.1).replacing("\\-", with: "-").replacing("\\(dq", with: "\""))
      }
    }
    #expect(found.count > 20)
    for example in found {
      let command = example.split(separator: " ").map(String.init).prefix { $0 != "--" && $0 != "|" }
      let (status, help) = try Products.run(Self.custody, command.dropFirst() + ["--help"])
      #expect(status == 0 && help.hasPrefix("OVERVIEW"), "\(example)")
      for option in command where option.hasPrefix("--") { #expect(help.contains(option), "\(example)") }
    }
  }

  @Test(.enabled(if: has("mandoc"), "no mandoc: make packages"))
  func `mandoc warns of nothing in any page`() throws {
    try Self.inFiles { folder in
      let checked = try Products.run("/bin/sh", ["-c", "mandoc -T lint -W warning \(folder)/*.1"])
      #expect(checked.status == 0 && checked.output.isEmpty, "\(checked.output)")
    }
  }

  @Test(.enabled(if: has("man"), "no man: make packages"))
  func `man shows a page as it is meant`() throws {
    try Self.inFiles { folder in
      let shown = try Products.run(
        "/usr/bin/env",
        ["LC_ALL=C.UTF-8", "MANWIDTH=80", "man", "--warnings", "-l", folder + "/custody-token-share.1"])
      #expect(shown.status == 0)
      // Bold and underlined letters are overstruck if there is no pager.
      let plain = shown.output.replacing(#/.\x08/#, with: "")
      for text in [
        "custody-token-share — hand a token over", "custody token share --with member [--until time] [--reason text]",
        "The end of the grant: RFC 3339", "CUSTODY_VAULT", "Not permitted.", "custody-token-unshare(1)",
        "custody token share contoso/crm-sync --with dev --until 2027-11-01",
      ] {
        #expect(plain.contains(text), "\(text) in:\n\(plain)")
      }
    }
  }
}
