import Foundation
import Glibc

/// The commands of the script language. `Scripts/runner.txt` shows each of them.
extension ScriptRun {
  func command(_ name: String, _ words: [String], _ wish: Wish) throws {
    if try terminalCommand(name, words, wish) { return }
    try finishSession()
    if try fileCommand(name, words, wish) { return }
    switch (name, words.count) {
    case ("exec", 1...): try execute(words, wish)
    case ("background", 2...): try start(words[0], Array(words.dropFirst()))
    case ("await", 2): try watch(words[0], words[1])
    case ("stdin", 1): input = try source(words[0])
    case ("stdout", 1): try match(words[0], output, "stdout", wish)
    case ("stderr", 1): try match(words[0], errors, "stderr", wish)
    case ("cmp", 2): try compare(words[0], words[1], wish)
    case ("set", 2): try capture(words[0], words[1])
    case ("as", 1): try become(words[0])
    case ("env", 1...): try words.forEach(setVariable)
    default: throw Child.Failed(reason: "no such command, or not with \(words.count) words: \(name)")
    }
  }

  // MARK: terminals

  /// True if the line was for the session with a terminal; any other line ends that session first.
  private func terminalCommand(_ name: String, _ words: [String], _ wish: Wish) throws -> Bool {
    switch (name, words.count) {
    case ("tty-exec", 1...):
      try finishSession()
      session = try TerminalSession(words, in: place, wish: wish)
    case ("expect", 1): try open().expect(words[0], seconds: patience)
    case ("send", 1): try open().terminal.type(words[0] + "\r")
    case ("press", 1...): try words.forEach { try press($0) }
    default: return false
    }
    return true
  }

  private func open() throws -> TerminalSession {
    guard let session else { throw Child.Failed(reason: "no tty-exec before it") }
    return session
  }

  /// Types a control character such as `^C`, or characters without Enter.
  private func press(_ key: String) throws {
    let bytes = [UInt8](key.utf8)
    let isControl = bytes.count == 2 && bytes[0] == UInt8(ascii: "^")
    try open().terminal.type(isControl ? [bytes[1] & 0x1F] : bytes)
  }

  func finishSession() throws {
    guard let session else { return }
    self.session = nil
    defer {
      (output, errors) = ([UInt8](session.screen.utf8), [])
      transcript += "[terminal]\n\(session.screen)\n"
    }
    try judge(try session.finish(seconds: patience), session.wish)
    guard session.terminal.echoes, session.terminal.isCanonical else {
      throw Child.Failed(reason: "the terminal was left without its echo, or its lines")
    }
  }

  // MARK: processes

  private func execute(_ words: [String], _ wish: Wish) throws {
    let source = Glibc.open(input, O_RDONLY | O_CLOEXEC)
    guard source >= 0 else { throw Child.Failed(reason: "cannot open \(input)") }
    let (out, err) = (Child.pipe(), Child.pipe())
    defer { for end in [source, out.reader, err.reader] { close(end) } }
    let child: Child
    do {
      defer { for end in [out.writer, err.writer] { close(end) } }
      child = try Child(words, in: place, descriptors: [source, out.writer, err.writer])
    }
    input = "/dev/null"
    (output, errors) = ([], [])
    let deadline = Date().addingTimeInterval(patience)
    read(out.reader, err.reader, until: deadline)
    if !output.isEmpty { transcript += "[stdout]\n\(text(output))\n" }
    if !errors.isEmpty { transcript += "[stderr]\n\(text(errors))\n" }
    try judge(try child.wait(until: deadline), wish)
  }

  private func read(_ out: Int32, _ err: Int32, until deadline: Date) {
    var polls = [
      pollfd(fd: out, events: Int16(POLLIN), revents: 0), pollfd(fd: err, events: Int16(POLLIN), revents: 0),
    ]
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while polls.contains(where: { $0.fd >= 0 }), Date() < deadline {
      guard poll(&polls, 2, 200) > 0 else { continue }
      for index in 0...1 where polls[index].revents != 0 {
        let got = Glibc.read(polls[index].fd, &chunk, chunk.count)
        if got <= 0 {
          polls[index].fd = -1
        } else if index == 0 {
          output += chunk[..<got]
        } else {
          errors += chunk[..<got]
        }
      }
    }
  }

  /// Starts a server beside the script; it is stopped when the script ends.
  private func start(_ name: String, _ words: [String]) throws {
    let log = work + "/\(name).log"
    let target = Glibc.open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    let null = Glibc.open("/dev/null", O_RDONLY | O_CLOEXEC)
    defer { for end in [target, null] { close(end) } }
    background[name] = (try Child(words, in: place, descriptors: [null, target, target]), log)
  }

  /// Waits until the background command has printed a match, and makes its output `stdout`.
  private func watch(_ name: String, _ pattern: String) throws {
    guard let running = background[name] else { throw Child.Failed(reason: "nothing runs as \(name)") }
    let deadline = Date().addingTimeInterval(patience)
    while true {
      let hasEnded = running.child.poll()
      output = [UInt8]((try? Data(contentsOf: URL(fileURLWithPath: running.log))) ?? Data())
      if try regex(pattern).firstMatch(in: text(output)) != nil { return }
      guard hasEnded == nil, Date() < deadline else {
        throw Child.Failed(
          reason:
            "\(name) did not print it; it \(hasEnded.map { "ended with \($0)" } ?? "still runs"):\n\(text(output))")
      }
      usleep(10_000)
    }
  }

  // MARK: what was printed

  func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  func regex(_ pattern: String) throws -> Regex<AnyRegexOutput> { try Regex(pattern).anchorsMatchLineEndings() }

  func match(_ pattern: String, _ bytes: [UInt8], _ place: String, _ wish: Wish) throws {
    let found = try regex(pattern).firstMatch(in: text(bytes)) != nil
    if case .success = wish {
      guard found else { throw Child.Failed(reason: "\(place) has no match:\n\(text(bytes))") }
    } else if found {
      throw Child.Failed(reason: "\(place) has a match:\n\(text(bytes))")
    }
  }

  private func source(_ name: String) throws -> String {
    switch name {
    case "-": return "/dev/null"
    case "stdout":
      let copy = work + "/stdin"
      try Data(output).write(to: URL(fileURLWithPath: copy))
      return copy
    default: return path(name)
    }
  }

  private func bytes(_ name: String) throws -> [UInt8] {
    switch name {
    case "stdout": output
    case "stderr": errors
    default: [UInt8](try Data(contentsOf: URL(fileURLWithPath: path(name))))
    }
  }

  private func compare(_ one: String, _ other: String, _ wish: Wish) throws {
    let same = try bytes(one) == bytes(other)
    if case .success = wish {
      guard same else { throw Child.Failed(reason: "\(one) and \(other) differ:\n\(text(try bytes(one)))") }
    } else if same {
      throw Child.Failed(reason: "\(one) and \(other) are the same")
    }
  }

  private func capture(_ name: String, _ pattern: String) throws {
    guard let found = try regex(pattern).firstMatch(in: text(output)), found.count > 1, let group = found[1].substring
    else {
      throw Child.Failed(reason: "stdout has no match with a group:\n\(text(output))")
    }
    environment[name] = String(group)
  }

  /// Sets a variable by `NAME=value`; `NAME` alone unsets it.
  private func setVariable(_ word: String) throws {
    guard let equals = word.firstIndex(of: "=") else {
      environment[word] = nil
      return
    }
    environment[String(word[..<equals])] = String(word[word.index(after: equals)...])
  }
}
