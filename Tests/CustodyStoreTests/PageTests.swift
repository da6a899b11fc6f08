import CustodySystem
import CustodyValues
import Foundation
import Testing

@testable import CustodyStore

/// Files that somebody wrote to make a rebuild trap, or never end.
struct PageTests {
  @Test func `a record that claims the largest numbers is none`() {
    let largest = [UInt8](repeating: 0xff, count: 9)
    #expect(PageRecord.cells([10] + largest) == nil)
    #expect(PageRecord.cells(largest + [1]) == nil)
    #expect(PageRecord.cells([2, 9]) == [.integer(1)])
  }

  @Test func `a log can't claim pages that are nowhere`() throws {
    let folder = try Folder()
    try filled(.sqlite, folder).close()
    let stored = try Data(contentsOf: URL(fileURLWithPath: folder.vault)).count / PageFile.defaultPageSize
    // One frame, as SQLite checks it: for page 2, of a database of 4,294,967,294 pages after it.
    let header = word(0x377f_0682) + word(3_007_000) + word(4096) + word(0) + word(1) + word(2)
    let page = [UInt8](repeating: 7, count: 4096)
    let frame = word(2) + word(.max - 1)
    let first = sum(header, from: (0, 0))
    let second = sum(frame + page, from: first)
    var log = header + word(first.0) + word(first.1) + frame + word(1) + word(2)
    log += word(second.0) + word(second.1) + page
    try Data(log).write(to: URL(fileURLWithPath: folder.vault + "-wal"))
    let pages = try PageFile(SQLitePath(folder.vault))
    #expect(pages.hasLog)
    #expect(pages.page(2) == page)
    #expect(pages.count == stored + 1)
  }

  private func word(_ number: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) } }

  /// https://www.sqlite.org/fileformat2.html#checksum_algorithm, of words with the lowest byte first.
  private func sum(_ bytes: [UInt8], from start: (UInt32, UInt32)) -> (UInt32, UInt32) {
    var sums = start
    for place in stride(from: 0, to: bytes.count, by: 8) {
      func word(_ place: Int) -> UInt32 { (0..<4).reduce(0) { $0 | UInt32(bytes[place + $1]) << (8 * UInt32($1)) } }
      sums.0 &+= word(place) &+ sums.1
      sums.1 &+= word(place + 4) &+ sums.0
    }
    return sums
  }
}
