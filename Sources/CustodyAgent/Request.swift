/// What a command asks of its agent. The numbers are those on the wire.
enum Request: UInt8 {
  case status = 1
  /// Hold this identity.
  case hold
  /// What follows on this connection is for one use of one identity. The keys that every use begins with are unwrapped at
  /// once, because each question and its answer take two changes of process.
  case open
  case unwrap
  case sign
  case drop
  case dropAll
}
