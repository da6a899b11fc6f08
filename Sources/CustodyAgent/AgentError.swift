package import CustodyValues

/// An error between a command and its agent.
package enum AgentError: Error, Equatable, Sendable {
  /// No agent listens: there is no socket, or only the file that a killed agent left.
  case absent
  /// `XDG_RUNTIME_DIR` is not set, or its folder does not exist.
  case noRuntimeFolder
  /// This file or folder is of another user or kind, or other users may enter it.
  case foreign(path: String)
  /// The process at the other end runs as another user.
  case foreignPeer
  case closed
  case timedOut
  /// The message does not follow this version's format.
  case malformed
  case otherVersion(UInt8)
  case refused(Refusal)
  /// The agent's signature does not verify.
  case lied
  /// Another command has held the lock for starting an agent for too long.
  case starting
  case outOfMemory
  case failed(SystemError)
}

/// An agent's reason for refusing a request. The raw values are those on the wire.
package enum Refusal: UInt8, Sendable {
  case notHeld = 1
  case declined
  /// The path holds another vault than the unlocked one.
  case changedHands
  case malformed
  case otherVersion
  case full
  /// Other processes of the same user could read the agent's memory.
  case notPrivate
  /// The agent is asking a person on a terminal just now.
  case busy
}
