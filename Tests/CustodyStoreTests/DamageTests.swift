import CustodySystem
import CustodyValues
import CustodyStore
import CustodyTesting
import Foundation
import Testing

@Suite struct DamageTests {
  let folder: Folder
  let original: Data

  init() throws {
    folder = try Folder()
    let store = try filled(.sqlite, folder)
    try store.write {
      for position in UInt64(3)..<200 {
        try store.insert(EntryRow(position: position, epoch: 1, sealed: [UInt8](repeating: 7, count: 700)))
      }
    }
    store.close()
    original = try Data(contentsOf: URL(fileURLWithPath: folder.vault))
  }

  private func open(_ bytes: Data) throws -> Store {
    for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: folder.vault + suffix) }
    try bytes.write(to: URL(fileURLWithPath: folder.vault))
    return try Store.connect(to: folder.vault)
  }

  @Test func `a cut file is no vault or corrupt, never a shorter vault`() throws {
    try Cast.readAll(open(original))
    for length in [0, 1, 50] { expect(.notAVault) { _ = try open(original.prefix(length)) } }
    expect(.corrupt) { _ = try open(original.prefix(99)) }
    for length in stride(from: 4096, to: original.count, by: 4096) {
      expect(.corrupt) { try Cast.readAll(open(original.prefix(length))) }
    }
  }

  @Test func `flipped bits end in rows or in an error, and never hang`() throws {
    var chance = Chance(seed: 42)
    var refused = 0
    for round in 0..<300 {
      var bytes = original
      // Every other flip is in a page's header or its list of cells, where it does most.
      let page = Int.random(in: 0..<original.count / 4096, using: &chance) * 4096
      let place =
        round.isMultiple(of: 2)
        ? page + Int.random(in: 0..<48, using: &chance)
        : Int.random(
          in: 0..<original.count, using: &chance)
      bytes[place] ^= UInt8.random(in: 1...255, using: &chance)
      let start = ContinuousClock.now
      do {
        try Cast.readAll(open(bytes))
      } catch is StoreError {
        refused += 1
      }
      #expect(ContinuousClock.now - start < .seconds(50), "byte \(place)")
    }
    #expect(refused > 20)
  }

  @Test func `a tree whose pages hold one another ends`() throws {
    let pages = original.count / 4096
    for page in 2...pages where original[(page - 1) * 4096] == 0x05 {
      let start = (page - 1) * 4096
      var bytes = original
      let inner = original.subdata(in: start..<start + 4096)
      bytes.replaceSubrange(start..<start + 4096, with: redirect(inner, to: page))
      expect(.corrupt) { try Cast.readAll(open(bytes)) }
      return
    }
    Issue.record("no inner page")
  }

  /// No page holds itself here, so the depth says nothing: forty children each, ten levels deep, all the same page.
  @Test func `a tree with more leaves than the file has bytes ends`() throws {
    let root = try Int(#require(raw(folder.vault, "SELECT rootpage FROM sqlite_schema WHERE name = 'log_entry'")[0][0]))
    let start = try (#require(root) - 1) * 4096
    try #require(original[start] == 0x05)
    let inner = original.subdata(in: start..<start + 4096)
    let leaf = child(of: inner)
    let pages = original.count / 4096
    var bytes = original
    bytes.replaceSubrange(start..<start + 4096, with: redirect(inner, to: pages + 1))
    for level in 1...10 { bytes.append(redirect(inner, to: level == 10 ? leaf : pages + level + 1)) }
    bytes.replaceSubrange(28..<32, with: number(pages + 10))
    let store = try open(bytes)
    expect(.corrupt) { try store.eachEntry { _ in } }
    expect(.corrupt) { _ = try store.counts() }
    #expect(try store.vault() == Cast.vault)
  }

  private func cells(of page: Data) -> [Int] {
    let count = Int(page[3]) << 8 | Int(page[4])
    return (0..<count).map { Int(page[12 + 2 * $0]) << 8 | Int(page[13 + 2 * $0]) }
  }

  private func child(of page: Data) -> Int {
    page[cells(of: page)[0]..<cells(of: page)[0] + 4].reduce(0) { $0 << 8 | Int($1) }
  }

  /// An inner page all of whose children are the same page.
  private func redirect(_ page: Data, to child: Int) -> Data {
    var page = page
    for cell in cells(of: page) + [8] { page.replaceSubrange(cell..<cell + 4, with: number(child)) }
    return page
  }

  private func number(_ page: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: page >> (24 - 8 * $0)) } }
}
