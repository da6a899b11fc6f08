import CustodyTesting
import Testing

/// The papers say only what is true. They are held from the day that the first of them is there.
@Suite(.enabled(if: House.has("README.md"), "no papers yet")) struct PaperTests {
  static let papers = [
    "README.md", "SECURITY.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/FORMAT.md", "LICENSE",
  ]

  @Test(arguments: papers) func `each paper is there`(path: String) throws {
    #expect(try House.read(path).count > 200)
  }

  private func words(_ text: String, matching pattern: Regex<(Substring, Substring)>) -> Set<Substring> {
    Set(text.matches(of: pattern).map(\.output.1))
  }

  @Test func `the format's paper names every table`() throws {
    let paper = try House.read("docs/FORMAT.md")
    let sql = House.files(in: "Migrations/SQLite", ending: ".sql").map(\.text).joined()
    let tables = words(sql, matching: /CREATE TABLE\s+(?:IF NOT EXISTS\s+)?"?(\w+)/)
    #expect(!tables.isEmpty)
    for table in tables { #expect(paper.contains("`\(table)`"), "\(table)") }
  }

  @Test func `the format's paper names every action`() throws {
    let paper = try House.read("docs/FORMAT.md")
    let code =
      (House.files(in: "Sources/CustodyLog", ending: ".swift") + House.files(in: "Sources/Custody", ending: ".swift"))
      .map(\.text).joined()
    let actions = words(code, matching: /"((?:vault|member|connector|token|log|policy)\.[a-z]+)"/)
    #expect(actions.contains("token.share"))
    for action in actions { #expect(paper.contains("`\(action)`"), "\(action)") }
  }

  @Test func `make commands in the README are targets`() throws {
    let targets = words(try House.read("Makefile"), matching: Makefile.target)
    for command in ReadmeBlocks.commands(try House.read("README.md")) where command.first == "make" {
      for word in command.dropFirst() where !word.contains("=") && !word.hasPrefix("-") {
        #expect(targets.contains(Substring(word)), "\(command)")
      }
    }
  }

  @Test func `custody commands in the README are ones that the tool has`() throws {
    let commands = ReadmeBlocks.commands(try House.read("README.md")).filter { $0.first == "custody" }
    #expect(!commands.isEmpty)
    for whole in commands {
      // What follows "--" is another tool's.
      let command = Array(whole.prefix { $0 != "--" })
      let (status, help) = try Products.run(Products.folder + "/custody", command.dropFirst() + ["--help"])
      #expect(status == 0, "\(command)")
      // Help comes before an unknown option is refused, so each is looked up in it.
      for option in command where option.hasPrefix("--") {
        let name = option.prefix { $0 != "=" }
        #expect(help.contains(name), "\(command): \(name)")
      }
    }
  }
}

enum Makefile {
  static var target: Regex<(Substring, Substring)> { /(?:^|\n)([a-z][a-z-]*):/ }
}

/// The command lines in a paper's ```sh and ```console blocks.
enum ReadmeBlocks {
  /// Each command as words: without a person's prompt, comments, pipes and redirects; continued lines joined.
  static func commands(_ text: String) -> [[String]] {
    var (inside, joined, found) = (false, "", [[String]]())
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") {
        inside = !inside && ["```sh", "```console", "```shell"].contains(line.prefix { $0 != " " })
        continue
      }
      guard inside else { continue }
      joined += line
      if joined.hasSuffix("\\") {
        joined.removeLast()
      } else {
        found += split(joined)
        joined = ""
      }
    }
    return found
  }

  /// `ada$ a b | c > d # e` is the commands `a b` and `c`.
  private static func split(_ line: String) -> [[String]] {
    var commands: [[String]] = [[]]
    var skipsNext = false
    let plain = line.replacing(/^\s*[a-z]*\$\s+/, with: "")
    for match in plain.matches(of: /"[^"]*"|'[^']*'|\S+/) {
      let word = String(match.output)
      if word.hasPrefix("#") { break }
      if skipsNext {
        skipsNext = false
      } else if ["|", "&&", ";", "||"].contains(word) {
        commands.append([])
      } else if word
        .hasPrefix(">") || word.hasPrefix("<") || word.hasPrefix("2>")
      {
        skipsNext = [">", ">>", "<", "2>"].contains(word)
      } else {
        commands[commands.count - 1].append(word.trimmingCharacters(["\"", "'"]))
      }
    }
    return commands.filter { !$0.isEmpty }
  }
}

extension String {
  fileprivate func trimmingCharacters(_ set: Set<Character>) -> String {
    String(drop { set.contains($0) }.reversed().drop { set.contains($0) }.reversed())
  }
}

struct ReadmeBlockTests {
  @Test func `commands are found in their blocks, as a person would read them`() {
    let text = """
      custody not here
      ```sh
      ada$ custody init --name ada      # founds a vault
      # a comment
      custody log export --format csv > shares.csv
      $ make demo && make install PREFIX=~/.local
      dev$ custody connector register crm-sync \\
             --note "all groups"
              Connector secret: ········
      cat x | custody token store contoso/crm-sync <y
      ```
      ```swift
      custody nor here
      ```
      """
    #expect(
      ReadmeBlocks.commands(text) == [
        ["custody", "init", "--name", "ada"], ["custody", "log", "export", "--format", "csv"], ["make", "demo"],
        ["make", "install", "PREFIX=~/.local"],
        ["custody", "connector", "register", "crm-sync", "--note", "all groups"], ["Connector", "secret:", "········"],
        ["cat", "x"], ["custody", "token", "store", "contoso/crm-sync"],
      ])
  }

  @Test func `targets are read from the Makefile`() throws {
    let targets = try House.read("Makefile").matches(of: Makefile.target).map(\.output.1)
    for target in ["demo", "test", "check", "format", "bench", "docs", "install", "packages", "pin-migrations"] {
      #expect(targets.contains(Substring(target)))
    }
  }
}
