internal import CustodySecrets

/// Kinds of the agent's replies.
enum Reply: UInt8 {
  case done = 0x80
  /// A person is being asked; another reply follows.
  case asking
  case refused
}
