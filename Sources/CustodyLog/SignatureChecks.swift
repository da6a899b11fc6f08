internal import CustodyCrypto
internal import Dispatch
internal import Glibc
internal import Synchronization

/// Signatures that are checked on every core while the caller goes on reading; the first that does not hold is told.
final class SignatureChecks: Sendable {
  struct Job: Sendable {
    let signature: [UInt8]
    let text: [UInt8]
    let key: VerifierKey
    /// What it means that this one does not hold.
    let fault: HistoryFault
  }

  /// Enough for one core to be busy while the next are gathered.
  static let batch = 128
  private let queue = DispatchQueue(label: "custody.signatures", attributes: .concurrent)
  private let group = DispatchGroup()
  /// Bounds what waits in memory.
  private let room: DispatchSemaphore
  private let first = Mutex<HistoryFault?>(nil)

  init() { room = DispatchSemaphore(value: 2 * max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))) }

  func check(_ jobs: [Job]) {
    room.wait()
    queue.async(group: group) { [self] in
      for job in jobs where !Signature.verify(job.signature, job.text, key: job.key.publicKey) { tell(job.fault) }
      room.signal()
    }
  }

  private func tell(_ fault: HistoryFault) {
    first.withLock { first in if first.map({ fault.position < $0.position }) ?? true { first = fault } }
  }

  /// When all that was handed over is done: the fault of the lowest position.
  func finish() -> HistoryFault? {
    group.wait()
    return first.withLock { $0 }
  }
}
