import CustodySecrets

extension SecureBytes {
  /// A copy of the secret in ordinary memory, for tests alone.
  package var plain: [UInt8] { withUnsafeBytes { [UInt8]($0) } }
}
