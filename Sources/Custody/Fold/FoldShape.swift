internal import CustodyLog
internal import CustodyValues
internal import CustodyStore

/// The highest row number used so far, and the number of buckets.
struct FoldShape {
  var last: UInt32
  var buckets: UInt32
}
