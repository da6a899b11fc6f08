@testable import Custody
import CustodyCrypto
import CustodyLog
import CustodyTesting
import Testing

/// The bytes of a pin, and of a recovery's entry.
struct PinFormatTests {
  @Test func `a pin is strict: what is not as it was written is no pin`() throws {
    let vault = try TemporaryVault()
    try vault.furnish()
    let remembered = try vault.session(.dev, pins: PinFolder(path: vault.folder + "/dev")).pin
    let pin = try #require(remembered)
    let lines = String(decoding: pin.bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.filter { $0.hasPrefix("admin ") }.count == 2)
    #expect(pin.earlier.count > 2)
    for place in pin.bytes.indices {
      var bytes = pin.bytes
      bytes[place] ^= 1
      if let other = Pin(parsing: bytes) { #expect(other.bytes == bytes && other != pin) }
      #expect(Pin(parsing: Array(pin.bytes[..<place])) == nil)
    }
    func parses(_ change: (inout [Substring]) -> Void) -> Bool {
      var changed = lines
      change(&changed)
      return Pin(parsing: Array(changed.joined(separator: "\n").utf8)) != nil
    }
    let earlier = try #require(lines.firstIndex { $0.hasPrefix("earlier ") })
    #expect(parses { _ in })
    #expect(parses { $0.remove(at: earlier) })
    #expect(parses { $0.remove(at: 3) })
    #expect(!parses { $0.swapAt(3, 4) })
    #expect(!parses { $0.insert($0[3], at: 3) })
    #expect(!parses { $0.removeSubrange(3...4) })
    #expect(!parses { $0.swapAt(earlier, earlier + 1) })
    #expect(!parses { $0.swapAt(4, earlier) })
    #expect(!parses { $0.insert("earlier 0 \(Base64.text(MerkleTree.emptyRoot))", at: earlier) })
    #expect(!parses { $0.insert("earlier \(pin.checkpoint.size) \(Base64.text(pin.checkpoint.root))", at: earlier) })
    #expect(!parses { $0.insert("admins", at: earlier) })
  }

  @Test func `checkpoints in one detail are strict, and one too many says nothing`() throws {
    let root = Base64.text(MerkleTree.emptyRoot)
    func sizes(_ text: String, below size: UInt64 = 100) -> [UInt64]? {
      LostHeads.parse(Array(text.utf8)[...], below: size)?.map(\.size)
    }
    #expect(sizes("7 \(root),9 \(root)") == [7, 9])
    for bad in [
      "", "7", "7 \(root),", ",7 \(root)", "7 \(root), 9 \(root)", "9 \(root),7 \(root)", "7 \(root),7 \(root)",
      "0 \(root)", "07 \(root)", "100 \(root)", "7  \(root)", "7 \(root.dropLast())", "7 \(root) ",
    ] { #expect(sizes(bad) == nil, "\(bad)") }
    let many = (1...UInt64(LogTrail.limit)).map { Seen(size: .max - 100 + $0, root: MerkleTree.emptyRoot) }
    #expect(LostHeads.text(many).utf8.count <= 4096)
    #expect(sizes(LostHeads.text(many), below: .max)?.count == LogTrail.limit)
    let more = LostHeads.text(many + [Seen(size: .max - 1, root: MerkleTree.emptyRoot)])
    #expect(sizes(more, below: .max) == nil)
  }
}
