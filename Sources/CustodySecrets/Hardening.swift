package import CustodyValues
internal import CUnix
internal import Glibc
internal import Synchronization

/// Protects the process, before its first secret exists.
package enum Hardening {
  /// Forbids core dumps and reading of this process's memory by others, stops crash handlers from printing it, and
  /// turns SIGPIPE into an error of `write`. Call it first.
  package static func apply() throws(SystemError) {
    // Swift's backtracer prints registers and the memory that they point to.
    for crash in [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGQUIT] where set(crash, to: SIG_DFL) {
      // An ignored SIGQUIT stays ignored, as a shell sets it for background jobs: Ctrl-\ is not meant for them.
      signal(crash, SIG_IGN)
    }
    if set(SIGPIPE, to: SIG_IGN) { hadNoPipeSignal.store(true, ordering: .relaxed) }
    try occupyStandardDescriptors()
    let code = cunix_forbid_dumping()
    guard code == 0 else { throw SystemError(code: code) }
  }

  /// Sets a signal's action. True if the signal was ignored before.
  private static func set(_ number: Int32, to action: sighandler_t?) -> Bool {
    signal(number, action).map { unsafe unsafeBitCast($0, to: Int.self) } == ignored
  }

  /// SIG_IGN as an integer, since it is no function's address.
  private static let ignored = 1
  private static let hadNoPipeSignal = Atomic(false)

  /// Restores SIGPIPE for a program that is about to take this process's place, unless it was ignored when this one
  /// began.
  package static func undoForProgram() {
    if !hadNoPipeSignal.load(ordering: .relaxed) { signal(SIGPIPE, SIG_DFL) }
  }

  /// Opens `/dev/null` in place of standard input, output or error if one is closed. The next file opened would
  /// otherwise take its number and be written to as if it were the terminal. Reading from the placeholder ends at
  /// once, and writing to it fails.
  private static func occupyStandardDescriptors() throws(SystemError) {
    while true {
      let opened = unsafe "/dev/null".withCString { unsafe cunix_open($0, O_RDONLY, 0) }
      guard opened >= 0 else { throw SystemError(code: -opened) }
      guard opened <= 2 else {
        close(opened)
        return
      }
    }
  }

  /// True if the kernel keeps this process's memory out of core dumps and away from other processes of its user.
  package static var memoryIsPrivate: Bool { cunix_forbids_dumping() == 1 }

  /// True if one more page can be locked in memory. `sodium_malloc` does not report when it can't (RLIMIT_MEMLOCK).
  package static var memoryIsLocked: Bool { canLock(bytes: sysconf(Int32(_SC_PAGESIZE))) }

  /// True if `size` more bytes can be locked in memory.
  package static func canLock(bytes size: Int) -> Bool {
    guard let page = unsafe mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
      unsafe page != MAP_FAILED
    else { return false }
    defer { unsafe munmap(page, size) }
    return unsafe mlock(page, size) == 0
  }
}
