/// One value of a scanned text: its kind and its place, without its content.
///
/// The nodes of a text are in one array, in reading order. An object's children are key, value, key, value.
struct JSONNode: Sendable {
  enum Kind: Sendable { case null, yes, no, number, string, array, object }

  let kind: Kind
  /// The value's bytes. For a string, the bytes between its quotes, still escaped.
  var range: Range<Int>
  /// The index of the first node after this one and its children.
  var after: Int
}
