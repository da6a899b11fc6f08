internal import CustodyCrypto
internal import CustodyLog
internal import CustodyValues
internal import CustodyStore

/// SHA-256 of lines, one after the other.
final class LinesHash {
  private var hash: SHA256? = SHA256()

  func add(_ line: [UInt8]) { hash?.update(line) }
  func finish() -> Digest {
    guard let hash = hash.take() else { return SHA256.hash([]) }
    return hash.finish()
  }
}
