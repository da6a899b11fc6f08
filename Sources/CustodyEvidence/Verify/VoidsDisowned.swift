internal import CustodySystem
internal import CustodyCrypto
internal import CustodyJSON
internal import CustodyLog
internal import CustodyValues

/// A search for the place at which broken evidence was changed.
///
/// An entry that was moved or inserted breaks a rule, and by itself a void entry is no fault. But the evidence's lines
/// show it as one that counts, or show another entry there.
struct VoidsDisowned {
  private let source: any EvidenceSource
  private let history: History

  init(_ source: any EvidenceSource, _ history: History) { (self.source, self.history) = (source, history) }

  /// The first entry before `end` that differs from its line. Errors are ignored here: the original fault reports them.
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
