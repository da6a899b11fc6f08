import Foundation
import Glibc

/// A process that a script started. No other child inherits its descriptors.
final class Child {
  enum End: Equatable, CustomStringConvertible {
    case status(Int32), signal(Int32)
    var description: String {
      switch self {
      case .status(let number): "status \(number)"
      case .signal(let number): "signal \(number)"
      }
    }
  }

  struct Failed: Error { let reason: String }

  let id: pid_t
  private(set) var end: End?

  /// Held while descriptors are open without close-on-exec, so that no child of another thread inherits them.
  private static let spawning = NSLock()

  struct Place {
    let folder: String
    let environment: [String: String]
  }

  /// Starts a process whose standard input, output and error are `descriptors`, or a controlling terminal.
  init(_ words: [String], in place: Place, descriptors: [Int32] = [], terminal: String? = nil) throws {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // POSIX_SPAWN_SETSID, which Glibc's module map hides: Ctrl-C here must not reach the child, which has its own
    // terminal.
    posix_spawnattr_setflags(&attributes, 0x80 | Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    var all = sigset_t()
    sigfillset(&all)
    posix_spawnattr_setsigdefault(&attributes, &all)
    // A test's thread may block signals, and a child would inherit that.
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    for number in Int32(0)...2 {
      if let terminal {
        posix_spawn_file_actions_addopen(&actions, number, terminal, O_RDWR, 0)
      } else {
        posix_spawn_file_actions_adddup2(&actions, descriptors[Int(number)], number)
      }
    }
    // The shell only changes the folder; `exec` makes the command itself our child.
    let arguments = ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", place.folder] + words
    var strings = arguments.map { strdup($0) } + [nil]
    var variables = place.environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { (strings + variables).forEach { free($0) } }
    var child: pid_t = 0
    let code = Self.spawning.withLock { posix_spawn(&child, "/bin/sh", &actions, &attributes, &strings, &variables) }
    guard code == 0 else { throw Failed(reason: "posix_spawn: error \(code)") }
    id = child
  }

  deinit { stop() }

  /// A pipe whose ends close on exec, made while nobody spawns.
  static func pipe() -> (reader: Int32, writer: Int32) {
    spawning.withLock {
      var ends: [Int32] = [0, 0]
      Glibc.pipe(&ends)
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      return (ends[0], ends[1])
    }
  }

  /// The way it ended; nil while it runs.
  func poll() -> End? {
    if let end { return end }
    var status: Int32 = 0
    guard waitpid(id, &status, WNOHANG) == id else { return nil }
    let signal = status & 0x7F
    end = signal == 0 ? .status((status >> 8) & 0xFF) : .signal(signal)
    return end
  }

  func wait(until deadline: Date) throws -> End {
    while Date() < deadline {
      if let end = poll() { return end }
      usleep(2000)
    }
    stop()
    throw Failed(reason: "it did not end in time, and was killed")
  }

  func stop() {
    guard poll() == nil else { return }
    kill(id, SIGTERM)
    for _ in 0..<500 where poll() == nil { usleep(2000) }
    guard poll() == nil else { return }
    kill(id, SIGKILL)
    while poll() == nil { usleep(2000) }
  }
}
