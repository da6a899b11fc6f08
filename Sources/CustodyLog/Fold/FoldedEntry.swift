internal import CustodyCrypto
package import CustodyValues

/// An entry that was folded, with the rule that it breaks if it is void.
package struct FoldedEntry: Sendable {
  package let position: UInt64
  /// The member who signed it.
  package let author: Identifier
  package let bytes: [UInt8]
  /// The parsed entry. Nil if it breaks the grammar; then it is void.
  package let entry: Entry?
  /// The rule that a void entry breaks.
  package let void: HistoryFault.Rule?

  /// The entry if it is not void.
  package var valid: Entry? { void == nil ? entry : nil }
}
