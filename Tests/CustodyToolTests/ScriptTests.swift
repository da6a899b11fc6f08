import CustodyTesting
import Foundation
import Testing

@Suite(.waiting) struct ScriptTests {
  @Test(arguments: Script.chosen) func `a session runs as it is written`(name: String) throws {
    let script = try Script.named(name)
    do { try ScriptRun.run(script) } catch let failure as ScriptFailure {
      let place = SourceLocation(
        fileID: "CustodyToolTests/\(name)", filePath: script.path, line: failure.line.number, column: 1)
      Issue.record(Comment(rawValue: failure.description), sourceLocation: place)
    }
  }

  @Test func `there are sessions, and the tool that they run`() {
    #expect(Script.names.contains("runner.txt"))
    for tool in ["custody", "kaizala-sandbox"] {
      #expect(FileManager.default.isExecutableFile(atPath: Products.folder + "/" + tool))
    }
  }
}

/// Tests of the runner itself: each of these scripts must fail, on its last line.
@Suite(.waiting) struct ScriptRunnerTests {
  @Test(arguments: [
    "exec false", "! exec true", "status 3 exec sh -c 'exit 4'", "exec no-such-command", "! exec sh -c 'kill -SEGV $$'",
    "exec echo hello\nstdout '^hell$'", "exec echo hello\n! stdout hel", "exec sh -c 'echo x >&2'\nstderr y",
    "exec echo hello\nset NAME '(bye)'", "exec echo a\ncmp stdout file\n-- file --\nb",
    "exec echo b\n! cmp stdout file\n-- file --\nb",
    "exists nothing", "! exists file\n-- file --", "mode 0600 file\n-- file --", "grep a file\n-- file --\nb",
    "exec 'unclosed", "nonsense", "exec", "stdin nothing\nexec cat", "expect x", "stdout (",
    "tty-exec sh -c 'echo hello'\nexpect bye", "tty-exec sh -c 'exit 3'\nexists .", "! tty-exec true\nexists .",
    "tty-exec sleep 600\nexpect x", "exec sleep 600", "eventually exists nothing",
    "background b sh -c 'exit 1'\nawait b ready", "tty-exec false",
    "signal 2 exec true", "signal 2 exec sh -c 'kill -TERM $$'", "tty-exec stty -echo", "tty-exec stty -icanon",
  ])
  func `a script that should fail does`(text: String) throws {
    let script = Script(name: "failing", path: "failing", text: text + "\n")
    let failure = #expect(throws: ScriptFailure.self) { try ScriptRun.run(script, patience: 10) }
    #expect(failure?.line.number == script.lines.last?.number)
    #expect(failure?.transcript.contains(script.lines[0].text) == true)
  }

  @Test func `words split as in a shell`() throws {
    func words(_ line: String) throws -> [String] { try ShellWords.split(line) { $0 == "A" ? "one two" : nil } }
    #expect(try words("a  'b c' \"d e\" f\\ g") == ["a", "b c", "d e", "f g"])
    #expect(try words("$A \"$A\" '$A' ${A}x $B. \\$A") == ["one two", "one two", "$A", "one twox", ".", "$A"])
    #expect(try words("'' \"\" # comment") == ["", ""])
    #expect(try words("a#b 'it'\"'\"'s'") == ["a#b", "it's"])
    #expect(throws: ShellWords.Unclosed.self) { try words("'a") }
    #expect(throws: ShellWords.Unclosed.self) { try words("a\\") }
  }

  @Test func `an archive's files come out byte for byte`() {
    let script = Script(
      name: "s", path: "s", text: "exec true\n\n# c\n-- a/b --\none\n\ntwo\n-- empty --\n-- c --\nlast\n")
    #expect(script.lines.map(\.text) == ["exec true"])
    #expect(script.files.map(\.name) == ["a/b", "empty", "c"])
    #expect(script.files.map(\.content) == ["one\n\ntwo\n", "", "last\n"])
  }
}
