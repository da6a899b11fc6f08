import CustodyCrypto
import CustodyLog
import CustodyValues
import Testing

/// Audits of a log from its bytes alone, with signatures checked on all cores meanwhile.
struct LogAuditTests {
  let log: [[UInt8]]

  init() throws {
    let story = try Story()
    let (_, token) = try story.furnish()
    try story.add(.tokenShare, story.ada) { story.share(&$0, token, story.dev) }
    for _ in 0..<300 {
      try story.add(.tokenReveal, story.dev) { story.reveal(&$0, token) }
    }
    log = story.entries
  }

  private func audit(_ log: [[UInt8]]) -> HistoryFault? {
    var audit = LogAudit()
    do throws(HistoryFault) {
      for bytes in log { try audit.fold(bytes) }
      try audit.finish()
    } catch { return error }
    return nil
  }

  /// The entry with another last group of base64 digits in its signature: it parses, and does not verify.
  private func spoiled(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    let place = bytes.count - 10
    bytes[place] = bytes[place] == 0x41 ? 0x42 : 0x41
    return bytes
  }

  @Test func `a sound log holds to its end`() throws {
    #expect(audit(log) == nil)
    var audit = LogAudit()
    for bytes in log { try audit.fold(bytes) }
    try audit.finish()
    #expect(audit.history.size == UInt64(log.count))
  }

  @Test(arguments: [2, 7, 127, 128, 129, 255, 256, 300])
  func `the first signature that does not hold is the one that is named`(place: Int) {
    var log = log
    for bad in [place, place + 1, log.count - 1] where bad < log.count { log[bad] = spoiled(log[bad]) }
    // The tree of a spoiled log is another, so what follows has seen something else; that comes later.
    let fault = audit(log)
    #expect(fault == HistoryFault(position: UInt64(place), rule: .badSignature))
  }

  @Test(arguments: [1, 2, 7, 8, 9, 16]) func `in a short log too, wherever it stands`(count: Int) {
    for place in 0..<count {
      var log = Array(log[..<count])
      log[place] = spoiled(log[place])
      #expect(audit(log) == HistoryFault(position: UInt64(place), rule: .badSignature))
    }
  }

  @Test func `what stops the fold later does not hide a signature before it`() {
    var log = log
    log[200] = spoiled(log[200])
    for bytes in [[], Array("custody-entry/v2\n\n".utf8), Array(log[202].dropLast(20))] {
      log[202] = bytes
      #expect(audit(log) == HistoryFault(position: 200, rule: .badSignature))
    }
    #expect(audit(Array(self.log[..<202]) + [[]]) == HistoryFault(position: 202, rule: .grammar(.malformedNote)))
  }

  @Test func `a checkpoint's signature is checked with the entries', and the lowest position is told`() throws {
    let story = try Story()
    var audit = LogAudit()
    for bytes in story.entries { try audit.fold(bytes) }
    let (size, root) = (story.history.size, story.history.root())
    let checkpoint = Checkpoint(origin: story.origin, size: size, root: root)
    let signature = try story.ada.seed.checkpointKey(in: story.arena).sign(checkpoint.text)
    try audit.accept(checkpoint, signedBy: story.ada.id, signature)
    #expect(throws: HistoryFault(position: size, rule: .checkpointSigner)) {
      try audit.accept(checkpoint, signedBy: story.dev.id, signature)
    }
    try audit.finish()
    var wrong = signature
    wrong[0] ^= 1
    try audit.accept(checkpoint, signedBy: story.ada.id, wrong)
    let late = try story.entry(.logVerify, story.dev) { $0.set(.size, 1) }
    try audit.fold(spoiled(late.bytes))
    #expect(throws: HistoryFault(position: size, rule: .checkpointSignature)) { try audit.finish() }
  }

  @Test func `a removed, doubled or moved entry is void where it is, and what follows has seen another log`() throws {
    func voids(_ log: [[UInt8]]) throws -> [VoidEntry] {
      var audit = LogAudit()
      for bytes in log { try audit.fold(bytes) }
      try audit.finish()
      return audit.history.voids
    }
    #expect(try voids(log) == [])
    for place in [5, 150] {
      var other = log
      other.remove(at: place)
      #expect(try voids(other).map(\.position) == (place..<other.count).map(UInt64.init))
      other = log
      other.insert(log[place], at: place)
      #expect(try voids(other).map(\.position) == (place + 1..<other.count).map(UInt64.init))
      other = log
      other.swapAt(place, place + 1)
      #expect(try voids(other).first?.position == UInt64(place))
    }
  }

  @Test func `what is dated well before its neighbour is told, and a void entry's time says nothing`() throws {
    let story = try Story()
    let now = story.time
    story.time = now.adding(milliseconds: 3_600_000)
    try story.fold(try story.entry(.memberRemove, story.dev) { story.leave(&$0, story.ada) }.bytes)
    story.time = now
    try story.add(.logVerify, story.dev) { $0.set(.size, 1) }
    story.time = now.adding(milliseconds: -300_001)
    try story.add(.logVerify, story.dev) { $0.set(.size, 1) }
    var audit = LogAudit()
    for bytes in story.entries { try audit.fold(bytes) }
    try audit.finish()
    #expect(audit.backdated == [story.history.size - 1])
    #expect(audit.history.voids == story.history.voids && story.history.voids.count == 1)
  }

  @Test func `three verdicts don't stand in for each other`() {
    let forged = Verdicts(HistoryFault(position: 7, rule: .badSignature))
    #expect(forged.attribution == .fails(at: 7, "its signature does not hold"))
    #expect(forged.integrity == .unknown(from: 7))
    let gap = Verdicts(HistoryFault(position: 7, rule: .sequence(expected: 3)))
    #expect(gap.integrity == .fails(at: 7, "its author's counter should be 3"))
    #expect(gap.attribution == .unknown(from: 7))
    let later = Verdicts(HistoryFault(position: 7, rule: .grammar(.unknownVersion)))
    #expect(later.integrity == .cannotAttest(at: 7, "it is of a version that this program cannot attest"))
    #expect(![forged, gap, later].contains { $0.holds })
    #expect(Verdicts([]).holds)
    #expect(!Verdicts([], contradiction: "an old copy").holds)
  }
}
