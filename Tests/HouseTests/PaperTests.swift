import CustodyTesting
import Foundation
import Testing

/// The papers say only what is true. They are held from the day that the first of them is there.
@Suite(.enabled(if: House.has("README.md"), "no papers yet")) struct PaperTests {
  static let papers = [
    "README.md", "SECURITY.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/FORMAT.md", "docs/FEATURES.md",
    "docs/BENCHMARKS.md", "LICENSE",
  ]

  /// Papers whose blocks a person types.
  static let typed = [
    "README.md", "docs/FEATURES.md", "docs/BENCHMARKS.md", "docs/MACHINES.md", "docs/IMPORT.md", "docs/PRESETS.md",
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

  @Test(arguments: typed) func `make commands in a paper are targets`(path: String) throws {
    let targets = words(try House.read("Makefile"), matching: Makefile.target)
    for command in ReadmeBlocks.commands(try House.read(path)) where command.first == "make" {
      for word in command.dropFirst() where !word.contains("=") && !word.hasPrefix("-") {
        #expect(targets.contains(Substring(word)), "\(command)")
      }
    }
  }

  @Test(arguments: typed) func `custody commands in a paper are ones that the tool has`(path: String) throws {
    let commands = ReadmeBlocks.commands(try House.read(path)).filter { $0.first == "custody" }
    #expect(!commands.isEmpty || path == "docs/BENCHMARKS.md")
    for whole in commands {
      // Arguments after "--" are another tool's.
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

  @Test func `a link in a paper leads to a file and a heading, and the README leads to every paper`() throws {
    var (found, reached) = (Set<String>(), ["README.md"])
    while let path = reached.popLast() {
      guard found.insert(path).inserted, path.hasSuffix(".md") else { continue }
      let text = try House.read(path)
      for link in Links.targets(in: text) {
        let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let target = parts[0].isEmpty ? path : Links.resolve(parts[0], from: path)
        #expect(House.has(target), "\(path): \(link)")
        guard target.hasSuffix(".md"), House.has(target) else { continue }
        if parts.count == 2 {
          #expect(Links.anchors(in: try House.read(target)).contains(parts[1]), "\(path): \(link)")
        }
        reached.append(target)
      }
    }
    for paper in Links.papers { #expect(found.contains(paper), "no link leads to \(paper)") }
  }

  @Test func `no paper refers to one that is not in the project`() throws {
    for paper in Links.papers {
      for word in try House.read(paper).matches(of: /\b(?:ATTACKS|DESIGN|HOUSE)\b|\.\.\/shared/) {
        Issue.record("\(paper): \(word.output)")
      }
    }
  }

  /// CONTRIBUTING shows three journeys by file and function: a newcomer follows them, so what it names must be there.
  @Test func `CONTRIBUTING names files and functions that are there`() throws {
    let code = House.files(in: "Sources", ending: ".swift").map(\.text).joined()
    let quoted = try House.read("CONTRIBUTING.md").matches(of: /`([^`\s]+)`/).map { String($0.output.1) }
    let files = quoted.filter { $0.contains("/") && $0.hasSuffix(".swift") }
    #expect(files.count > 20)
    for file in files { #expect(House.has(file) || House.has("Sources/" + file), "\(file)") }
    let functions = quoted.compactMap { $0.wholeMatch(of: /([A-Z]\w+)\.([a-z]\w+)/)?.output }.filter { $0.2 != "swift" }
    #expect(functions.count > 30)
    func declares(_ keywords: String, _ name: Substring) -> Bool {
      code.range(of: "\\b(?:\(keywords)) \(name)\\b", options: .regularExpression) != nil
    }
    for (whole, type, function) in functions {
      #expect(declares("struct|class|enum|protocol|extension", type), "\(whole)")
      #expect(declares("func|var|let", function), "\(whole)")
    }
  }

  @Test func `SECURITY.md names tests that are there`() throws {
    let paper = Links.joined(try House.read("SECURITY.md"))
    let files = Set(paper.matches(of: /\((Tests\/[^)]+\.swift)\)/).map { String($0.output.1) })
    #expect(files.count > 10)
    let code = try files.map(House.read).joined()
    let names = paper.matches(of: /\*\*Tests:\*\* (.*?\.swift\)?)\./).flatMap { bullet in
      bullet.output.1.matches(of: /`([^`]+)`/).map { String($0.output.1) }
    }
    #expect(names.count > 20)
    for name in names { #expect(code.range(of: "func `\(name)`(") != nil, "\(name)") }
  }

  /// `custody limits` is part of the product: a reader of either list must not miss what the other one says.
  @Test func `SECURITY.md says every limit that the tool prints, in its words`() throws {
    let (status, printed) = try Products.run(Products.folder + "/custody", ["limits", "--json"])
    let object = try JSONSerialization.jsonObject(with: Data(printed.utf8)) as? [String: Any]
    let limits = try #require(object?["limits"] as? [String])
    #expect(status == 0 && limits.count > 30)
    let paper = Links.joined(try House.read("SECURITY.md"))
    for limit in limits { #expect(paper.contains("- " + Links.joined(limit)), "\(limit)") }
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
    // `RUNS=1 make bench` is the command `make bench`.
    return commands.map { Array($0.drop { $0.prefixMatch(of: /[A-Z_]+=/) != nil }) }.filter { !$0.isEmpty }
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
      RUNS=1 make bench
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
        ["cat", "x"], ["custody", "token", "store", "contoso/crm-sync"], ["make", "bench"],
      ])
  }

  @Test func `targets are read from the Makefile`() throws {
    let targets = try House.read("Makefile").matches(of: Makefile.target).map(\.output.1)
    for target in ["demo", "test", "check", "format", "bench", "docs", "install", "packages", "pin-migrations"] {
      #expect(targets.contains(Substring(target)))
    }
  }
}
