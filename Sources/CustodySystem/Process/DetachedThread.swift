internal import Glibc

/// Starts threads. If the system refuses one (RLIMIT_NPROC, a container's limit, a seccomp filter), the caller is
/// told; libdispatch would retry for ever.
package enum DetachedThread {
  private final class Body: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  /// Starts a thread that receives no signals, which are left to the first thread.
  /// - Returns: Whether it was started.
  package static func start(_ body: @escaping @Sendable () -> Void) -> Bool {
    var (all, before) = (sigset_t(), sigset_t())
    unsafe sigfillset(&all)
    unsafe pthread_sigmask(SIG_SETMASK, &all, &before)
    defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
    let handed = unsafe Unmanaged.passRetained(Body(body))
    var thread = pthread_t()
    let code = unsafe pthread_create(
      &thread, nil,
      { handed in
        guard let handed = unsafe handed else { return nil }
        unsafe Unmanaged<Body>.fromOpaque(handed).takeRetainedValue().run()
        return nil
      }, handed.toOpaque())
    guard code == 0 else {
      unsafe handed.release()
      return false
    }
    pthread_detach(thread)
    return true
  }
}
