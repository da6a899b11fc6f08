internal import CustodyCrypto
internal import CustodyLog

/// Why an entry is in an export.
package enum LogPart: String {
  /// The filter admits it.
  case entry
  /// It makes or changes a member whom the others need: their keys are proved by it.
  case enrolment
  /// It names the metadata of an item that the others are about.
  case naming
  /// It counts for nothing.
  case void
}
