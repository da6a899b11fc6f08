package import CustodyLog
internal import CustodyValues

extension Name {
  /// Refuses what can be no name; `what` is what it would be, in words.
  package static func check(_ name: String, as what: String) throws(VaultError) {
    guard !Name.isValid(name.utf8) else { return }
    throw VaultError(.badName, "cannot use \"\(PrintableText.escape(name))\" as \(what)", subject: nil)
  }
}
