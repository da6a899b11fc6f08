package import CustodyValues
internal import Glibc

/// The status of the file at a path. A symbolic link is not followed.
package struct FileStatus: Sendable {
  package enum Kind: Sendable { case file, folder, link, other }

  package let kind: Kind
  package let isMine: Bool
  /// The nine permission bits and the three above them (set-user-ID, set-group-ID, sticky).
  package let mode: UInt32
  package let size: Int64

  /// True if only the owner (and root) may read, write or enter it.
  package var isPrivate: Bool { mode & 0o077 == 0 }

  package init(_ path: String) throws(SystemError) {
    var status = stat()
    guard unsafe path.withCString({ unsafe lstat($0, &status) }) == 0 else { throw .last }
    switch status.st_mode & S_IFMT {
    case S_IFREG: kind = .file
    case S_IFDIR: kind = .folder
    case S_IFLNK: kind = .link
    default: kind = .other
    }
    isMine = status.st_uid == geteuid()
    mode = status.st_mode & 0o7777
    size = Int64(status.st_size)
  }

  package static func ifPresent(_ path: String) throws(SystemError) -> FileStatus? {
    do { return try FileStatus(path) } catch  where error.isMissing { return nil } catch { throw error }
  }
}
