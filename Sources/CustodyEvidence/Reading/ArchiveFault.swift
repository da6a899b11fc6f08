internal import CustodySystem

/// The reason why an archive was not unpacked.
enum ArchiveFault: Error {
  /// It breaks its format.
  case damaged(String)
  /// It uses a feature that this reader refuses, and other programs unpack.
  case unsupported(String)
  case zlibMissing
  /// It unpacks to more than a bundle has, or out of proportion to its own size.
  case tooLarge(limit: Int)
  case noRoom(folder: String)

  /// Most files in a bundle, in an archive or in a folder.
  static let mostFiles = 1 << 20
}
