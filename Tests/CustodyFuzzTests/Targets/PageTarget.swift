import CustodyValues

@testable import CustodyStore

extension FuzzTarget {
  /// A page of a damaged file, in a vault's page size; a first byte of 1 is for the one with the header.
  static let page = FuzzTarget(
    name: "page", longest: 4097,
    seeds: {
      let bytes = try Seeds.file("Tests/Fixtures/v1/vault.db")
      return stride(from: 0, to: bytes.count, by: PageFile.defaultPageSize).map { place in
        [place == 0 ? 1 : 2] + bytes[place..<min(place + PageFile.defaultPageSize, bytes.count)]
      }
    }, run: read(page:))

  private static func read(page bytes: [UInt8]) throws {
    let size = PageFile.defaultPageSize
    let number = bytes.first == 1 ? 1 : 2
    let page = Array(bytes.dropFirst().prefix(size)) + [UInt8](repeating: 0, count: max(0, size + 1 - bytes.count))
    guard let tree = TreePage(page, number: number, usable: size) else { return }
    for cell in tree.cells {
      guard let payload = tree.payload(cell, usable: size) else { continue }
      try hold(payload.local.count <= payload.count, "no more of a record lies on a page than it has")
      guard let cells = PageRecord.cells(payload.local) else { continue }
      if let table = RowShape.table(of: cells) { _ = RowShape.row(table, payload.rowID, cells) }
    }
  }
}
