internal import Glibc

/// Signals that would end this process wait while something is under way that must be written down: Ctrl-C while a request is
/// out would leave an answer that nobody knows. They act when this is released or let go of.
package final class HeldSignals {
  private static let signals = [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP]
  private var before = sigset_t()
  private var isHeld = true

  /// Of this thread, which is the one that asks: in a command, the only one.
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
