internal import Glibc

/// Delays the signals that would end or stop this process, while work is under way whose result must be written down.
/// Without it, Ctrl-C during a request would lose the answer. The signals act once this is released.
package final class HeldSignals {
  private static let signals = [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP]
  private var before = sigset_t()
  private var isHeld = true

  /// Blocks the signals for the calling thread, which in a command is the only one.
  package init() {
    var held = sigset_t()
    unsafe sigemptyset(&held)
    Self.signals.forEach { unsafe _ = sigaddset(&held, $0) }
    unsafe pthread_sigmask(SIG_BLOCK, &held, &before)
  }

  package func release() {
    guard isHeld else { return }
    isHeld = false
    unsafe pthread_sigmask(SIG_SETMASK, &before, nil)
  }

  deinit { release() }
}
