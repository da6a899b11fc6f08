internal import CustodySecrets
internal import CustodyValues

/// Rules for a connector secret or a refresh token: 1 byte to 64 KiB, any bytes.
package enum Secret {
  package static let limit = 64 * 1024

  static func check(_ secret: borrowing SecureBytes) throws(VaultError) {
    guard !secret.isEmpty else { throw VaultError(.emptySecret, "cannot store an empty value") }
    guard secret.count <= limit else {
      throw VaultError(
        .secretTooLong, "cannot store a value of more than \(limit) bytes",
        hint: "check that this is the value alone, not a file around it")
    }
  }
}
