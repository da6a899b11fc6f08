/// A secret that several hold; wiped when the last of them lets go of it.
public final class SecretBox: Sendable {
  public let bytes: SecureBytes

  public init(_ bytes: consuming SecureBytes) { self.bytes = bytes }
}
