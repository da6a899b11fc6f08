package import CustodyValues

/// What can be wrong between a command and its agent.
package enum AgentError: Error, Equatable, Sendable {
  /// Nobody listens: nothing is there, or what an agent left when it was killed.
  case absent
  /// The runtime folder is not told, or is not there.
  case noRuntimeFolder
  /// This file or folder is not one that we made, or others may enter it.
  case foreign(path: String)
  /// The other end belongs to another user.
  case foreignPeer
  case closed
  case timedOut
  /// What came is no message of this version.
  case malformed
  case otherVersion(UInt8)
  case refused(Refusal)
  /// A signature that does not verify, or keys that are not the member's.
  case lied
  /// Another command has been about to start an agent for too long.
  case starting
  case outOfMemory
  case failed(SystemError)
}

/// Why an agent does not do what it was asked. The numbers are those on the wire.
package enum Refusal: UInt8, Sendable {
  case notHeld = 1
  case declined
  /// Another vault is where the unlocked one was.
  case changedHands
  case malformed
  case otherVersion
  case full
  /// Its memory could be read by other processes of its user.
  case notPrivate
  /// Somebody is being asked just now, on the terminal.
  case busy
}
