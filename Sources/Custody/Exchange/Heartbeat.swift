/// What came of a sign of life.
package enum Heartbeat: Sendable {
  case told
  /// The vault was busy with something else.
  case busy
  case takenOver
}
