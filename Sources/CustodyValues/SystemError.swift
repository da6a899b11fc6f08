internal import CUnix
internal import Glibc

/// A call to the kernel failed. Carries its `errno` and nothing of what was being read or written.
package struct SystemError: Error, Equatable, Sendable {
  package let code: Int32

  package init(code: Int32) { self.code = code }

  /// Of the call that failed just now.
  package static var last: SystemError { SystemError(code: errno) }

  /// The reader of a pipe has gone.
  package var isClosedPipe: Bool { code == EPIPE }
  /// The disk, or this user's share of it, is full.
  package var isNoSpace: Bool { code == ENOSPC || code == EDQUOT || code == EFBIG }
  package var isMissing: Bool { code == ENOENT || code == ENOTDIR }
  package var isAlreadyThere: Bool { code == EEXIST }
  /// Somebody else has it just now.
  package var isTaken: Bool { code == EWOULDBLOCK }
  package var isNotPermitted: Bool { code == EACCES || code == EPERM || code == EROFS }

  /// Lower case, as the house words its errors.
  package var text: String {
    guard let text = unsafe cunix_error_text(code) else { return "system error \(code)" }
    let words = unsafe String(cString: text)
    return words.prefix(1).lowercased() + words.dropFirst()
  }
}
