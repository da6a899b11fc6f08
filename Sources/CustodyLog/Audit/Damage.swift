public import CustodyValues

/// What does not open, does not hold or is not what the log says: it is named, and nothing else fails for it.
public struct Damage: Equatable, Sendable {
  public let kind: ItemKind?
  public let item: Identifier?
  public let words: String
  /// Of the entry that made it so, and the name of who signed that. Nil where a row is not what the log says: whoever can
  /// write the file can have done that.
  public let index: UInt64?
  public let author: String?

  package init(
    _ words: String, kind: ItemKind? = nil, item: Identifier? = nil, index: UInt64? = nil, author: String? = nil
  ) {
    (self.kind, self.item, self.words, self.index, self.author) = (kind, item, words, index, author)
  }

  public var text: String {
    let subject = item.map { "\(kind?.rawValue ?? "row of") \($0.hex): " } ?? ""
    let maker = index.map { "log entry \($0)\(author.map { ", by \($0)" } ?? "")" } ?? "the file was changed"
    return "\(subject)\(words) (\(maker))"
  }
}
