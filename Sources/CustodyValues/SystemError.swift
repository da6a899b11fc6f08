internal import CUnix
internal import Glibc

/// A call to the kernel failed. Carries its `errno` and nothing of what was being read or written.
public struct SystemError: Error, Equatable, Sendable {
  public let code: Int32

  public init(code: Int32) { self.code = code }

  /// Of the call that failed just now.
  package static var last: SystemError { SystemError(code: errno) }

  /// The reader of a pipe has gone.
  public var isClosedPipe: Bool { code == EPIPE }
  /// The disk, or this user's share of it, is full.
  public var isNoSpace: Bool { code == ENOSPC || code == EDQUOT || code == EFBIG }
  public var isMissing: Bool { code == ENOENT || code == ENOTDIR }
  public var isAlreadyThere: Bool { code == EEXIST }
  /// Somebody else has it just now.
  public var isTaken: Bool { code == EWOULDBLOCK }
  public var isNotPermitted: Bool { code == EACCES || code == EPERM || code == EROFS }

  /// Lower case, as the house words its errors.
  public var text: String {
    guard let text = unsafe cunix_error_text(code) else { return "system error \(code)" }
    let words = unsafe String(cString: text)
    return words.prefix(1).lowercased() + words.dropFirst()
  }
}
