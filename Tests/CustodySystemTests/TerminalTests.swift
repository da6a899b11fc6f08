import CustodySystem
import CustodyValues
import CustodyTesting
import Foundation
import Glibc
import Testing

/// One prompt can be open in a process at a time, so these run one after another.
@Suite(.serialized) struct TerminalTests {
  /// Returns the prompt's result, while another thread acts as the person once the label shows.
  private func hidden(
    limit: Int = 65_536, on pty: PseudoTerminal = PseudoTerminal(), person: @escaping @Sendable (PseudoTerminal) -> Void
  ) throws -> (line: [UInt8], screen: String) {
    let terminal = try Terminal(path: pty.path)
    let done = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      if pty.waits(for: "Refresh token: ") { person(pty) }
      done.signal()
    }
    defer {
      done.wait()
      pty.drain()
    }
    let line = try terminal.promptHidden("Refresh token: ", limit: limit)
    pty.drain()
    return (line.withUnsafeBytes { [UInt8]($0) }, pty.screen)
  }

  @Test func `L4: a hidden line is read and never shown`() throws {
    let (line, screen) = try hidden { $0.type("correct horse\r") }
    #expect(line == [UInt8]("correct horse".utf8))
    #expect(screen == "Refresh token: \r\n")
  }

  @Test func `a paste of 6,000 bytes arrives whole`() throws {
    let token = (0..<6000).map { UInt8(33 + $0 % 90) }
    let (line, screen) = try hidden { $0.type(token + [0x0A]) }
    #expect(line == token)
    #expect(screen == "Refresh token: \r\n")
  }

  @Test func `echo and line editing are off while the prompt is open and on again after it`() throws {
    let pty = PseudoTerminal()
    nonisolated(unsafe) var during: (echoes: Bool, canonical: Bool)?
    _ = try hidden(on: pty) {
      during = ($0.echoes, $0.isCanonical)
      $0.type("x\n")
    }
    #expect(during?.echoes == false && during?.canonical == false)
    #expect(pty.echoes && pty.isCanonical)
  }

  @Test func `backspace takes a character, Ctrl-W a word, Ctrl-U the line`() throws {
    #expect(try hidden { $0.type("abx\u{7F}c\u{08}c\n") }.line == [UInt8]("abc".utf8))
    #expect(try hidden { $0.type("aé\u{7F}b\n") }.line == [UInt8]("ab".utf8))
    #expect(try hidden { $0.type("one two  \u{17}three\n") }.line == [UInt8]("one three".utf8))
    #expect(
      try hidden { $0.type("wrong\u{15}right\u{7F}\u{7F}\u{7F}\u{7F}\u{7F}\u{7F}ok\n") }.line == [UInt8]("ok".utf8))
  }

  @Test func `N8: bytes that are not UTF-8 pass as typed`() throws {
    #expect(try hidden { $0.type([0xFF, 0x80, 0xC3, 0x0A]) }.line == [0xFF, 0x80, 0xC3])
  }

  @Test func `Ctrl-D cancels`() {
    #expect(throws: TerminalError.cancelled) { try hidden { $0.type("half\u{04}") } }
  }

  @Test func `N4: a NUL byte is refused, and the rest of the line swallowed`() throws {
    let pty = PseudoTerminal()
    #expect(throws: TerminalError.containsNUL) { try hidden(on: pty) { $0.type([0x61, 0, 0x62, 0x0A]) } }
    #expect(pty.screen == "Refresh token: \r\n")
  }

  @Test func `a line at the limit passes and one byte more is refused`() throws {
    #expect(try hidden(limit: 5) { $0.type("12345\n") }.line.count == 5)
    #expect(throws: TerminalError.tooLong) { try hidden(limit: 5) { $0.type("123456\n") } }
    #expect(throws: TerminalError.tooLong) { try hidden(limit: 5) { $0.type("123456\u{7F}\n") } }
  }

  @Test func `what a paste leaves behind its first line reaches nobody`() throws {
    let pty = PseudoTerminal()
    let (line, _) = try hidden(on: pty) { $0.type("first\nrm -rf /\n") }
    #expect(line == [UInt8]("first".utf8))
    let slave = open(pty.path, O_RDWR | O_NOCTTY)
    var wait = pollfd(fd: slave, events: Int16(POLLIN), revents: 0)
    #expect(poll(&wait, 1, 0) == 0)
    close(slave)
  }

  @Test func `a path that is no terminal is absent`() {
    #expect(throws: TerminalError.absent) { _ = try Terminal(path: "/dev/null") }
    #expect(throws: TerminalError.absent) { _ = try Terminal(path: "/nowhere") }
  }

  private func visible<Answer: Sendable>(
    label: String, typing: [UInt8], _ ask: (borrowing Terminal) throws -> Answer
  ) throws -> Answer {
    let pty = PseudoTerminal()
    let terminal = try Terminal(path: pty.path)
    let done = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      if pty.waits(for: label) { pty.type(typing) }
      done.signal()
    }
    defer { done.wait() }
    return try ask(terminal)
  }

  @Test(arguments: [
    ("y\n", true), ("YES\n", true), ("\n", false), ("n\n", false), ("yesterday\n", false), ("\u{04}", false),
  ])
  func `only y and yes confirm`(typed: String, expected: Bool) throws {
    #expect(try visible(label: "Share? [y/N] ", typing: [UInt8](typed.utf8)) { try $0.confirm("Share?") } == expected)
  }

  @Test func `a visible answer is one line of text`() throws {
    func name(_ typed: [UInt8]) throws -> String {
      try visible(label: "Name: ", typing: typed) { try $0.promptVisible("Name: ", limit: 8) }
    }
    #expect(try name([UInt8]("ada é\n".utf8)) == "ada é")
    #expect(throws: TerminalError.cancelled) { try name([0x04]) }
    #expect(throws: TerminalError.tooLong) { try name([UInt8]("123456789\n".utf8)) }
    #expect(throws: TerminalError.notText) { try name([0xFF, 0x0A]) }
  }
}
