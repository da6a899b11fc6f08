public import CustodyValues
internal import CUnix
internal import Glibc

/// What lies under a path itself; a symbolic link is not followed.
public struct FileStatus: Sendable {
  public enum Kind: Sendable { case file, folder, link, other }

  public let kind: Kind
  public let isMine: Bool
  /// The nine permission bits and the three above them.
  public let mode: UInt32
  public let size: Int64

  /// Nobody but the owner (and root) may read, write or enter it.
  public var isPrivate: Bool { mode & 0o077 == 0 }

  public init(_ path: String) throws(SystemError) {
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

  public static func ifPresent(_ path: String) throws(SystemError) -> FileStatus? {
    do { return try FileStatus(path) } catch  where error.isMissing { return nil } catch { throw error }
  }
}

public enum Folder {
  /// In which that name stands.
  public static func of(_ path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Makes the folder and those above it that are missing, each 0700 from its first moment. What exists stays as it is.
  public static func makePrivate(_ path: String) throws(SystemError) {
    guard unsafe path.withCString({ unsafe mkdir($0, 0o700) }) != 0 else { return }
    let failure = SystemError.last
    if failure.isAlreadyThere { return }
    guard failure.code == ENOENT, let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")), slash != path.startIndex
    else { throw failure }
    try makePrivate(String(path[..<slash]))
    guard unsafe path.withCString({ unsafe mkdir($0, 0o700) }) == 0 || errno == EEXIST else { throw .last }
  }

  /// Makes the names in the folder durable.
  public static func synchronize(_ path: String) throws(SystemError) {
    let opened = unsafe path.withCString { unsafe cunix_open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0) }
    guard opened >= 0 else { throw SystemError(code: -opened) }
    defer { close(opened) }
    guard fsync(opened) == 0 else { throw .last }
  }
}

/// Where an open file is kept, as far as that matters for locks and durability.
public enum FileSystem: Equatable, Sendable {
  case local
  /// Another machine keeps it; its locks can't be relied on.
  case network(String)
  /// A program of some user keeps it (FUSE): worth a warning.
  case userSpace

  public init(of descriptor: Int32) {
    // The magic numbers of statfs(2), which no header has all of.
    switch UInt32(truncatingIfNeeded: cunix_file_system_type(descriptor)) {
    case 0x6969: self = .network("NFS")
    case 0x517B, 0xFE53_4D42, 0xFF53_4D42: self = .network("SMB")
    case 0x5346_414F, 0x6B41_4653: self = .network("AFS")
    case 0x0102_1997: self = .network("9P")
    case 0x7375_7245: self = .network("Coda")
    case 0x00C3_6400: self = .network("Ceph")
    case 0x0BD0_0BD0: self = .network("Lustre")
    case 0x6573_5546: self = .userSpace
    default: self = .local
    }
  }

  /// Of a folder; nil where it can't be opened.
  public init?(at path: String) {
    let opened = unsafe path.withCString { unsafe cunix_open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0) }
    guard opened >= 0 else { return nil }
    defer { close(opened) }
    self.init(of: opened)
  }

  public var isNetwork: Bool { if case .network = self { true } else { false } }
}

public enum Environment {
  /// The variable's value, where it is set, not empty, and UTF-8.
  public static func value(_ name: String) -> String? {
    guard let found = unsafe getenv(name), let text = unsafe String(validatingCString: found) else { return nil }
    return text.isEmpty ? nil : text
  }
}
