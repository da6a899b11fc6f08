import CustodyTesting
import Foundation
import Glibc

/// One run of a script in its own folder. The commands that a script can use are in `ScriptCommands.swift`.
final class ScriptRun {
  /// The outcome that a line's first words ask of its command.
  enum Wish { case success, failure, status(Int32), signal(Int32) }

  let script: Script
  let work: String
  var folder: String
  var environment: [String: String]
  var output: [UInt8] = []
  var errors: [UInt8] = []
  var input = "/dev/null"
  var transcript = ""
  var session: TerminalSession?
  var background: [String: (child: Child, log: String)] = [:]
  let patience: TimeInterval

  init(_ script: Script, patience: TimeInterval = 600) throws {
    (self.script, self.patience) = (script, patience)
    work = NSTemporaryDirectory() + "custody-script-" + UUID().uuidString
    folder = work + "/files"
    environment = [
      "PATH": Products.folder + ":/usr/local/bin:/usr/bin:/bin", "WORK": folder, "TMPDIR": work + "/tmp",
      "TERM": "xterm",
      "LANG": "C.UTF-8",
    ].merging(CheapPassphrases.environment) { own, _ in own }
    for made in [work, folder, work + "/tmp"] {
      try FileManager.default.createDirectory(
        atPath: made, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }
    try become("someone")
    for file in script.files {
      let path = folder + "/" + file.name
      let parent = URL(fileURLWithPath: path).deletingLastPathComponent()
      try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
      try Data(file.content.utf8).write(to: URL(fileURLWithPath: path))
    }
  }

  deinit {
    session?.child.stop()
    for running in background.values { running.child.stop() }
    try? FileManager.default.removeItem(atPath: work)
  }

  static func run(_ script: Script, patience: TimeInterval = 600) throws {
    let run = try ScriptRun(script, patience: patience)
    for line in script.lines { try run.perform(line) }
    if let last = script.lines.last { try run.blame(last) { try run.finishSession() } }
  }

  private func perform(_ line: Script.Line) throws {
    try blame(line) {
      transcript += "\(line.number)> \(line.text)\n"
      var words = try ShellWords.split(line.text) { environment[$0] }
      guard words.first == "eventually" else { return try obey(words) }
      words.removeFirst()
      let deadline = Date().addingTimeInterval(patience)
      while true {
        do { return try obey(words) } catch let failure as Child.Failed {
          guard Date() < deadline else { throw failure }
        }
        usleep(50_000)
      }
    }
  }

  private func obey(_ words: [String]) throws {
    var words = words
    let wish = try takeWish(&words)
    guard let name = words.first else { throw Child.Failed(reason: "no command") }
    try command(name, Array(words.dropFirst()), wish)
  }

  private func takeWish(_ words: inout [String]) throws -> Wish {
    if words.first == "!" {
      words.removeFirst()
      return .failure
    }
    guard let kind = words.first, ["status", "signal"].contains(kind) else { return .success }
    guard words.count > 2, let number = Int32(words[1]) else {
      throw Child.Failed(reason: "usage: \(kind) N exec CMD…")
    }
    words.removeFirst(2)
    return kind == "status" ? .status(number) : .signal(number)
  }

  private func blame(_ line: Script.Line, _ body: () throws -> Void) throws {
    do { try body() } catch {
      let reason = (error as? Child.Failed)?.reason ?? "\(error)"
      let shown = session.map { "[terminal]\n\($0.screen)\n" } ?? ""
      throw ScriptFailure(script: script.name, line: line, reason: reason, transcript: transcript + shown)
    }
  }

  /// Switches to a person's own home, state and runtime folders. Their member in a vault is the vault's business.
  func become(_ person: String) throws {
    let home = work + "/" + person
    environment["HOME"] = home
    for (name, part) in [
      ("DATA", "share"), ("STATE", "state"), ("CONFIG", "config"), ("RUNTIME", "run"), ("CACHE", "cache"),
    ] {
      let path = home + "/" + part
      environment[name == "RUNTIME" ? "XDG_RUNTIME_DIR" : "XDG_\(name)_HOME"] = path
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }
  }

  var place: Child.Place { Child.Place(folder: folder, environment: environment) }

  func path(_ name: String) -> String { name.hasPrefix("/") ? name : folder + "/" + name }

  func judge(_ end: Child.End, _ wish: Wish) throws {
    transcript += "[\(end)]\n"
    switch (wish, end) {
    case (.success, .status(0)): return
    // A crash does not count as the failure that a script expects.
    case (.failure, .status(let number)) where number != 0: return
    case (.status(let wanted), .status(let number)) where wanted == number: return
    case (.signal(let wanted), .signal(let number)) where wanted == number: return
    default: throw Child.Failed(reason: "it ended with \(end), wanted was \(wish)")
    }
  }
}
