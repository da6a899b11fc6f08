import CustodySecrets

extension SecureBytes {
  /// What is secret nowhere but in a test.
  package var plain: [UInt8] { withUnsafeBytes { [UInt8]($0) } }
}
