public import CustodyLog
internal import CustodySystem
package import CustodyValues

/// The scope of a part of a log. That nothing within it was left out is the word of who signed it.
public struct ScopeReport: Sendable {
  public let scope: ExportScope
  /// The name of who signed it.
  public let exporter: String
  /// Under which it is signed.
  let key: VerifierKey

  /// Nil where the exporter is not among the members.
  package init?(_ scope: ExportScope, among members: FoldTable<Identifier, Member>) {
    guard let member = members[scope.exporter] else { return nil }
    (self.scope, exporter, key) = (scope, member.name, member.entryKey(origin: scope.head.origin))
  }

  /// In words: which entries, how many, of how much of the log, as said by whom and when.
  public var text: String {
    let tokens = scope.unread == 1 ? "1 token whose name does" : "\(scope.unread) tokens whose names do"
    let unread = scope.unread == 0 ? "" : " (but for \(tokens) not open to \(exporter))"
    return
      "\(scope.filter.words)\(unread): \(scope.entries) of the first \(scope.head.size) entries, as \(exporter) signed at \(scope.time.text)"
  }
}
