internal import CustodySystem

/// Why an archive was not unpacked.
enum ArchiveFault: Error {
  /// It is not what its format prescribes.
  case damaged(String)
  /// It has something that other programs unpack.
  case unsupported(String)
  case zlibMissing
  /// What comes out is out of proportion, or more than a bundle has.
  case tooLarge(limit: Int)
  case noRoom(folder: String)

  /// Of files in an archive, as in a folder.
  static let mostFiles = 1 << 20
}
