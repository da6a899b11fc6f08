internal import CustodyCrypto
internal import CustodyLog
package import CustodyValues

/// A running SHA-256 over lines.
package final class LinesHash {
  private var hash: SHA256? = SHA256()

  package init() {}

  package func add(_ line: [UInt8]) { hash?.update(line) }
  package func finish() -> Digest {
    guard let hash = hash.take() else { return SHA256.hash([]) }
    return hash.finish()
  }
}
