package import CustodyValues

/// Items behind one and up to another, in the order of their IDs; from the first, or to the last, where there is no such one.
package struct ItemRange: Sendable {
  let after: Identifier?
  let through: Identifier?

  package init(after: Identifier?, through: Identifier?) { (self.after, self.through) = (after, through) }

  package static let all = ItemRange(after: nil, through: nil)

  /// No ID is before the empty one, or behind one that is longer than any.
  var values: [Value] {
    [
      after.map(Value.identifier) ?? .blob([]),
      through.map(Value.identifier) ?? .blob([UInt8](repeating: 0xff, count: Identifier.count + 1)),
    ]
  }
}
