internal import CustodyCrypto
package import CustodyLog
internal import CustodyValues

extension LogProof {
  package static func name(_ index: UInt64) -> String { "proofs/\(index).tlog-proof" }

  package init(_ line: LogLine, _ proof: InclusionProof, _ checkpoint: SignedNote) {
    self.init(extra: line.entry.bytes, index: line.position, path: proof.path, checkpoint: checkpoint)
  }
}
