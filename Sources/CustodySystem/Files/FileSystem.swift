internal import CUnix
internal import Glibc

/// The kind of file system of an open file, as far as it matters for locks and durability.
package enum FileSystem: Equatable, Sendable {
  case local
  /// A file system of another machine, whose locks can't be relied on.
  case network(String)
  /// A file system run by some user's program (FUSE), which is worth a warning.
  case userSpace

  package init(of descriptor: Int32) {
    // Magic numbers of statfs(2). No header has all of them.
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

  /// The file system of a folder; nil if the folder can't be opened.
  package init?(at path: String) {
    let opened = unsafe path.withCString { unsafe cunix_open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0) }
    guard opened >= 0 else { return nil }
    defer { close(opened) }
    self.init(of: opened)
  }

  package var isNetwork: Bool { if case .network = self { true } else { false } }
}
