/// One value of a scanned text: what it is and where, nothing of what it says.
///
/// The nodes of a text stand in one array in reading order. An object's children are key, value, key, value.
struct JSONNode: Sendable {
  enum Kind: Sendable { case null, yes, no, number, string, array, object }

  let kind: Kind
  /// The value's bytes; of a string, what stands between the quotes, still escaped.
  var range: Range<Int>
  /// The index of the first node that is neither this one nor within it.
  var after: Int
}
