package import CustodyValues

/// A range of item IDs: greater than one ID and up to another. Without the first it begins with the first item,
/// without the other it ends with the last.
package struct ItemRange: Sendable {
  let after: Identifier?
  let through: Identifier?

  package init(after: Identifier?, through: Identifier?) { (self.after, self.through) = (after, through) }

  package static let all = ItemRange(after: nil, through: nil)

  /// The bounds as blobs: no ID is less than the empty one, or greater than one that is longer than any.
  var values: [Value] {
    [
      after.map(Value.identifier) ?? .blob([]),
      through.map(Value.identifier) ?? .blob([UInt8](repeating: 0xff, count: Identifier.count + 1)),
    ]
  }
}
