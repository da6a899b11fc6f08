/// Kinds of a command's requests. The raw values are those on the wire.
enum Request: UInt8 {
  case status = 1
  /// Hold an identity from now on.
  case hold
  /// Begin one use of one identity, for the rest of this connection. The reply also carries the keys that every use
  /// begins with, because each question and answer takes two switches between processes.
  case open
  case unwrap
  case sign
  case drop
  case dropAll
}
