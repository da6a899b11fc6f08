internal import CustodyCrypto
internal import CustodyLog

/// The reason why an entry is in an export.
package enum LogPart: String {
  /// The filter admits it.
  case entry
  /// It makes or changes a member of other entries in the export, and proves their keys.
  case enrolment
  /// It hashes the metadata of an item of other entries in the export.
  case naming
  /// It is void, so without effect.
  case void
}
