internal import CustodyLog
internal import CustodyValues
internal import CustodyStore

/// The highest number that a row has had, and how many buckets there are.
struct FoldShape {
  var last: UInt32
  var buckets: UInt32
}
