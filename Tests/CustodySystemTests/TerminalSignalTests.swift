import CustodySystem
import CustodyValues
import CustodyTesting
import Foundation
import Glibc
import Testing

/// F20 and L4: signals in the middle of a hidden prompt, each in a process of its own whose terminal we hold.
@Suite(.serialized) struct TerminalSignalTests {
  private static let variable = "CUSTODY_TEST_TERMINAL"

  /// In the child: a session of its own with that terminal, and a prompt on it.
  private static func prompt() {
    guard let path = ProcessInfo.processInfo.environment[variable] else { exit(70) }
    setsid()
    // A prompt that nobody could end ends by itself.
    alarm(10)
    let controlling = open(path, O_RDWR)
    guard controlling >= 0, let terminal = try? Terminal() else { exit(71) }
    do {
      let line = try terminal.promptHidden("Passphrase: ", limit: 100)
      exit(line.count == 4 ? 0 : 72)
    } catch { exit(73) }
  }

  /// Runs `person` once the prompt of the child shows.
  private func lookAfter(_ pty: PseudoTerminal, person: @escaping @Sendable (PseudoTerminal) -> Void)
    -> DispatchSemaphore
  {
    let done = DispatchSemaphore(value: 0)
    setenv(Self.variable, pty.path, 1)
    Thread.detachNewThread {
      if pty.waits(for: "Passphrase: ") { person(pty) }
      done.signal()
    }
    return done
  }

  @Test func `Ctrl-C ends the prompt and leaves the terminal as it was`() async {
    let pty = PseudoTerminal()
    nonisolated(unsafe) var hidden = false
    let done = lookAfter(pty) {
      hidden = !$0.echoes
      $0.type("secr\u{03}")
    }
    await #expect(processExitsWith: .signal(SIGINT)) { Self.prompt() }
    wait(for: done)
    #expect(hidden)
    #expect(pty.echoes && pty.isCanonical)
    pty.drain()
    #expect(!pty.screen.contains("secr"))
  }

  @Test func `a SIGTERM from elsewhere leaves the terminal as it was`() async {
    let pty = PseudoTerminal()
    let done = lookAfter(pty) { pty in
      var group: pid_t = 0
      _ = ioctl(pty.master, UInt(TIOCGPGRP), &group)
      kill(group, SIGTERM)
    }
    await #expect(processExitsWith: .signal(SIGTERM)) { Self.prompt() }
    wait(for: done)
    #expect(pty.echoes && pty.isCanonical)
  }

  @Test func `Ctrl-Z shows the terminal to the shell, and the prompt hides it again when continued`() async {
    let pty = PseudoTerminal()
    let done = lookAfter(pty) { pty in
      pty.type("xx\u{1A}")
      guard pty.waits(for: "stopped with echo on"), pty.waits(for: "\nPassphrase: ") else { return }
      // Stopping drops what was typed, as the terminal itself does.
      if !pty.echoes { pty.type("good\n") }
    }
    await #expect(processExitsWith: .exitCode(0)) {
      // Stands for the stop itself, which the kernel refuses to a session without a shell.
      signal(SIGTSTP) { _ in
        var state = termios()
        let terminal = open("/dev/tty", O_RDWR)
        tcgetattr(terminal, &state)
        let text = state.c_lflag & tcflag_t(ECHO) != 0 ? "stopped with echo on\n" : "stopped with echo off\n"
        _ = text.withCString { write(terminal, $0, strlen($0)) }
        close(terminal)
      }
      Self.prompt()
    }
    wait(for: done)
    #expect(pty.echoes && pty.isCanonical)
    pty.drain()
    #expect(!pty.screen.contains("good"))
  }

  private func wait(for done: DispatchSemaphore) { done.wait() }
}
