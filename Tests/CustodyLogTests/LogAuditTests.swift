import CustodyCrypto
import CustodyLog
import CustodyMemory
import Testing

/// A log from its bytes alone, with signatures checked on all cores while it is read.
struct LogAuditTests {
  let log: [[UInt8]]

  init() throws {
    let story = try Story()
    let (_, token) = try story.furnish()
    try story.add(.tokenShare, story.ada) { story.share(&$0, token, story.dev) }
    for _ in 0..<300 {
      try story.add(.tokenReveal, story.dev) {
        $0.set(.item, token); $0.set(.revision, 1); $0.set(.generation, 1); $0.set(.how, "pipe")
      }
    }
    log = story.entries.map(\.bytes)
  }

  private func audit(_ log: [[UInt8]]) -> HistoryFault? {
    var audit = LogAudit()
    do throws(HistoryFault) {
      for bytes in log { try audit.append(audit.parse(bytes)) }
      try audit.finish()
    } catch { return error }
    return nil
  }

  /// The last base64 digit group of the signature is replaced: a note that parses, and does not hold.
  private func spoiled(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    let place = bytes.count - 10
    bytes[place] = bytes[place] == 0x41 ? 0x42 : 0x41
    return bytes
  }

  @Test func `a sound log holds to its end`() throws {
    #expect(audit(log) == nil)
    var audit = LogAudit()
    for bytes in log { try audit.append(audit.parse(bytes)) }
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

  @Test func `a rule that breaks later does not hide a signature before it`() {
    var log = log
    log[200] = spoiled(log[200])
    log.remove(at: 202)
    #expect(audit(log) == HistoryFault(position: 200, rule: .badSignature))
  }

  @Test func `a removed, doubled or moved entry is found where it is`() {
    for place in [5, 150] {
      var log = log
      log.remove(at: place)
      #expect(audit(log)?.position == UInt64(place))
      log = self.log
      log.insert(log[place], at: place)
      #expect(audit(log)?.position == UInt64(place + 1))
      log = self.log
      log.swapAt(place, place + 1)
      #expect(audit(log)?.position == UInt64(place))
    }
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
