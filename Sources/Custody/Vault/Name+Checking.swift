package import CustodyLog
internal import CustodyValues

extension Name {
  /// Refuses an invalid name.
  /// - Parameter what: what it would name, for the error.
  package static func check(_ name: String, as what: String) throws(VaultError) {
    guard !Name.isValid(name.utf8) else { return }
    throw VaultError(.badName, "cannot use \"\(PrintableText.escape(name))\" as \(what)", subject: nil)
  }
}
