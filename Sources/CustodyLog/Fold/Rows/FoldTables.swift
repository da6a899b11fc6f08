/// The numbers of a fold's tables. Those of names, tags and keys point to rows of the others. Of those with rows the one that
/// grows is the last, so that it grows at the end of the file.
enum FoldTables {
  static let members: UInt8 = 1
  static let voids: UInt8 = 2
  static let cosignatures: UInt8 = 3
  static let items: UInt8 = 4
  static let tags: UInt8 = 5
  static let memberNames: UInt8 = 6
  static let memberKeys: UInt8 = 7
}
