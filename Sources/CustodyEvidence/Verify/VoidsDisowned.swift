internal import CustodySystem
internal import CustodyCrypto
internal import CustodyJSON
internal import CustodyLog
internal import CustodyValues

/// Where evidence that does not hold was changed. An entry that its author did not mean to stand there breaks a rule, and
/// by itself that is no fault: but who wrote the evidence took it for one that counts, or for another.
struct VoidsDisowned {
  private let source: any EvidenceSource
  private let history: History

  init(_ source: any EvidenceSource, _ history: History) { (self.source, self.history) = (source, history) }

  /// The first entry that the lines beside take for something else. What can't be read is told of by the fault itself.
  func first(before end: UInt64) -> HistoryFault? {
    struct Done: Error {}
    guard let first = history.voids.first?.position, first < end, var lines = try? source.lines() else { return nil }
    var found: UInt64?
    try? source.eachEntry { shown in
      guard shown.index < end, let line = try lines.next() else { throw Done() }
      let isVoid = history.voidEntry(at: shown.index) != nil
      let leaf = (try? JSONValue(parsing: line))?["leaf_hash"]?.string
      let own = String(decoding: Base64.encode(MerkleTree.leafHash(shown.bytes)), as: UTF8.self)
      guard (ExportLine.type(line) == LogPart.void.rawValue) == isVoid, leaf == own else {
        found = shown.index
        throw Done()
      }
    }
    return found.map { HistoryFault(position: $0, rule: .standsBeside) }
  }
}
