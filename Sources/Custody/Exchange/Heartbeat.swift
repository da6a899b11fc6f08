/// The result of a heartbeat.
package enum Heartbeat: Sendable {
  case told
  /// The vault was locked by another write, so the beat did not advance.
  case busy
  case takenOver
}
