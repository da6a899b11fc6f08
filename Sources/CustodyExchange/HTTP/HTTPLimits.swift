internal import CustodyValues

package struct HTTPLimits: Sendable {
  package var caFile: String?
  /// From the first packet to the last.
  package var milliseconds: Int
  package var mostBytes = 1 << 20
}
