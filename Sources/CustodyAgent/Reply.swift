internal import CustodySecrets

/// What the agent answers.
enum Reply: UInt8 {
  case done = 0x80
  /// The person is being asked; another reply follows.
  case asking
  case refused
}
