package import CustodyValues
internal import CUnix
internal import Glibc
internal import Synchronization

/// What a process does before its first secret.
package enum Hardening {
  /// Nobody reads this process's memory, no crash prints or dumps it, and a closed pipe is an error that we report.
  package static func apply() throws(SystemError) {
    // Swift's backtracer prints registers and the memory that they point at.
    for crash in [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGQUIT] where set(crash, to: SIG_DFL) {
      // As a shell starts what it runs in the background: Ctrl-\ is not for it, nor for what takes its place.
      signal(crash, SIG_IGN)
    }
    if set(SIGPIPE, to: SIG_IGN) { hadNoPipeSignal.store(true, ordering: .relaxed) }
    try occupyStandardDescriptors()
    let code = cunix_forbid_dumping()
    guard code == 0 else { throw SystemError(code: code) }
  }

  /// Whether the signal was ignored before.
  private static func set(_ number: Int32, to action: sighandler_t?) -> Bool {
    signal(number, action).map { unsafe unsafeBitCast($0, to: Int.self) } == ignored
  }

  /// SIG_IGN, which is no address of a function.
  private static let ignored = 1
  private static let hadNoPipeSignal = Atomic(false)

  /// A program that takes this one's place gets the signals as this one was given them: what is ignored stays ignored.
  package static func undoForProgram() {
    if !hadNoPipeSignal.load(ordering: .relaxed) { signal(SIGPIPE, SIG_DFL) }
  }

  /// Where standard input, output or error is closed, the next file opened would take its number, and be talked into.
  /// Reading from there now ends at once, writing to there fails.
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

  /// Whether the kernel keeps this process's memory from dumps and from other processes of its user.
  package static var memoryIsPrivate: Bool { cunix_forbids_dumping() == 1 }

  /// Whether one more page can be kept out of swap. `sodium_malloc` says nothing when it can't (RLIMIT_MEMLOCK).
  package static var memoryIsLocked: Bool { canLock(bytes: sysconf(Int32(_SC_PAGESIZE))) }

  /// Whether so much more can be.
  package static func canLock(bytes size: Int) -> Bool {
    guard let page = unsafe mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
      unsafe page != MAP_FAILED
    else { return false }
    defer { unsafe munmap(page, size) }
    return unsafe mlock(page, size) == 0
  }
}
