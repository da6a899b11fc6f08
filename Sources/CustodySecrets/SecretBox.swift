/// A secret that several hold; wiped when the last of them lets go of it.
package final class SecretBox: Sendable {
  package let bytes: SecureBytes

  package init(_ bytes: consuming SecureBytes) { self.bytes = bytes }
}
