public import CustodyValues

/// A part of the vault that does not decrypt, does not verify or contradicts the log. It is reported by name, and
/// nothing else fails because of it.
public struct Damage: Equatable, Sendable {
  /// The kind of the damaged item. Nil if the damage is in another kind of row.
  public let kind: ItemKind?
  /// ID of the damaged item, or of the row's subject. Nil if it is about neither.
  public let item: Identifier?
  /// The damage in words: lower case, no full stop.
  public let words: String
  /// Position of the entry that caused the damage. Nil if a row differs from what the log says: anyone who can write
  /// the file may have changed it.
  public let index: UInt64?
  /// Name of the member who signed that entry.
  public let author: String?

  package init(
    _ words: String, kind: ItemKind? = nil, item: Identifier? = nil, index: UInt64? = nil, author: String? = nil
  ) {
    (self.kind, self.item, self.words, self.index, self.author) = (kind, item, words, index, author)
  }

  /// The whole report: subject, words, and the entry or the file as the cause.
  public var text: String {
    let subject = item.map { "\(kind?.rawValue ?? "row of") \($0.hex): " } ?? ""
    let maker = index.map { "log entry \($0)\(author.map { ", by \($0)" } ?? "")" } ?? "the file was changed"
    return "\(subject)\(words) (\(maker))"
  }
}
