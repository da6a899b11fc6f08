public import CustodyLog
internal import CustodySystem
package import CustodyValues

/// The scope of a part of a log. That nothing within it was left out rests on the word of its signer.
public struct ScopeReport: Sendable {
  /// The signed scope.
  public let scope: ExportScope
  /// Name of the member who signed it.
  public let exporter: String
  /// The key that signed it.
  let key: VerifierKey

  /// Nil if the exporter is not among the members.
  package init?(_ scope: ExportScope, among members: FoldTable<Identifier, Member>) {
    guard let member = members[scope.exporter] else { return nil }
    (self.scope, exporter, key) = (scope, member.name, member.entryKey(origin: scope.head.origin))
  }

  /// The scope in plain English: which entries, how many, of how much of the log, and who signed that and when.
  public var text: String {
    let tokens = scope.unread == 1 ? "1 token whose name does" : "\(scope.unread) tokens whose names do"
    let unread = scope.unread == 0 ? "" : " (but for \(tokens) not open to \(exporter))"
    return
      "\(scope.filter.words)\(unread): \(scope.entries) of the first \(scope.head.size) entries, as \(exporter) signed at \(scope.time.text)"
  }
}
