internal import CustodyValues

/// Limits of one HTTP call.
package struct HTTPLimits: Sendable {
  /// A file of certificate authorities, PEM, that alone are trusted; the system's if nil.
  package var caFile: String?
  /// Time limit from the first packet to the last.
  package var milliseconds: Int
  /// Size limit of the reply's body, in bytes.
  package var mostBytes = 1 << 20
}
