internal import CUnix
internal import Glibc

/// A failed system call. Carries its `errno`, and nothing of the data.
package struct SystemError: Error, Equatable, Sendable {
  package let code: Int32

  package init(code: Int32) { self.code = code }

  /// The error of the call that failed last on this thread.
  package static var last: SystemError { SystemError(code: errno) }

  /// The pipe's reader has closed its end.
  package var isClosedPipe: Bool { code == EPIPE }
  /// The disk, the user's quota on it, or the size that a file may have is used up.
  package var isNoSpace: Bool { code == ENOSPC || code == EDQUOT || code == EFBIG }
  package var isMissing: Bool { code == ENOENT || code == ENOTDIR }
  package var isAlreadyThere: Bool { code == EEXIST }
  /// Somebody else holds the lock.
  package var isTaken: Bool { code == EWOULDBLOCK }
  package var isNotPermitted: Bool { code == EACCES || code == EPERM || code == EROFS }

  /// The system's text for the error, in lower case.
  package var text: String {
    guard let text = unsafe cunix_error_text(code) else { return "system error \(code)" }
    let words = unsafe String(cString: text)
    return words.prefix(1).lowercased() + words.dropFirst()
  }
}
