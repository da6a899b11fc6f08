import CustodyLog
import CustodyValues
import Testing

/// Recorded cosignatures: the fold accepts any, and callers that rely on one verify it.
struct RecordedCosignatureTests {
  let story: Story
  /// The log's root at each size.
  let roots: [Digest]

  init() throws {
    story = try Story()
    var tree = MerkleTree()
    roots =
      [MerkleTree.emptyRoot]
      + story.entries.map {
        tree.append(MerkleTree.leafHash($0)); return tree.root
      }
  }

  private func payload(_ author: Story.Person, _ seen: Seen, seconds: UInt64 = 1_795_000_000) throws -> [UInt8] {
    let text = Checkpoint(origin: story.origin, size: seen.size, root: seen.root).text
    let key = try author.seed.cosignatureKey(in: story.arena)
    return Cosignature.payload(seconds, key.sign(Cosignature.message(seconds, text)))
  }

  private func record(_ author: Story.Person, _ seen: Seen, _ payload: [UInt8]) throws -> RecordedCosignature {
    try story.add(.logCosign, author) { $0.set(seen, cosignature: payload) }
    return try #require(story.history.recordedCosignatures.last)
  }

  private func words(_ cosignature: RecordedCosignature) throws -> String? {
    let author = try #require(story.history.members[cosignature.author])
    let damage = cosignature.damage(by: author, origin: story.origin) { $0 < 4 ? roots[Int($0)] : nil }
    #expect(damage == nil || (damage?.author, damage?.index) == (author.name, cosignature.position))
    return damage?.words
  }

  @Test func `one that holds is read back as it was signed`() throws {
    let seen = Seen(size: 2, root: roots[2])
    let cosignature = try record(story.dev, seen, payload(story.dev, seen))
    #expect(try words(cosignature) == nil)
    #expect(cosignature.checkpoint == seen && cosignature.author == story.dev.id && cosignature.position == 3)
    #expect(cosignature.time.text == "2026-11-18T11:06:40.000Z")
  }

  @Test func `one whose signature does not hold is no void entry, and is told of its author`() throws {
    let seen = Seen(size: 2, root: roots[2])
    let junk = try payload(story.dev, seen)
    var otherTime = junk
    otherTime[7] ^= 1
    let others = [
      Array(repeating: UInt8(0), count: 72), otherTime, try payload(story.audrey, seen),
      try payload(story.dev, Seen(size: 1, root: roots[2])),
    ]
    for payload in others {
      #expect(try words(record(story.dev, seen, payload)) == "its cosignature does not hold")
    }
    #expect(story.history.voids.isEmpty)
    #expect(story.history.recordedCosignatures.count == others.count)
  }

  @Test func `one of a checkpoint that the log does not have is told too, where the log's roots are known`() throws {
    for seen in [
      Seen(size: 2, root: roots[1]), Seen(size: 99, root: roots[2]), Seen(size: .max, root: roots[2]),
      Seen(size: 0, root: roots[0]),
    ] {
      let cosignature = try record(story.dev, seen, payload(story.dev, seen))
      #expect(try words(cosignature) == "its cosignature is of a checkpoint that this log does not have")
      let author = try #require(story.history.members[story.dev.id])
      #expect(cosignature.damage(by: author, origin: story.origin) == nil)
    }
  }

  @Test func `nobody cosigns what comes after their own entry`() throws {
    let later = Seen(size: 5, root: Story.hash)
    let cosignature = try record(story.dev, later, payload(story.dev, later))
    let author = try #require(story.history.members[story.dev.id])
    #expect(cosignature.damage(by: author, origin: story.origin) { _ in Story.hash } != nil)
  }

  @Test(arguments: [
    "", "AAAA", String(repeating: "A", count: 92), String(repeating: "A", count: 95) + "=",
    String(repeating: "A", count: 100), String(repeating: "A", count: 95) + "-",
    String(repeating: "A", count: 96) + " ",
  ])
  func `what is not a time and a signature in base64 is void`(value: String) throws {
    let text = String(
      decoding: try story.entry(.logCosign, story.dev) {
        $0.set(Seen(size: 1, root: Story.hash), cosignature: Array(repeating: 0, count: 72))
      }.text, as: UTF8.self)
    let line = "cosignature \(String(repeating: "A", count: 96))\n"
    let parts = text.split(separator: line, omittingEmptySubsequences: false)
    try #require(parts.count == 2)
    let folded = try story.fold(story.signed("\(parts[0])cosignature \(value)\n\(parts[1])", as: story.dev))
    #expect(folded.void != nil)
    #expect(story.history.recordedCosignatures.isEmpty)
  }
}
