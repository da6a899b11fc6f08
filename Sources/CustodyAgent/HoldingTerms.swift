internal import CustodySecrets
package import CustodyValues

/// Terms on which an agent holds an identity: for how long, and whether it asks before each use.
package struct HoldingTerms: Sendable {
  /// The member's name in the agent's question.
  package let label: String
  /// The path of the vault's file, with no symbolic link in it.
  package let path: String
  package let life: TimeSpan
  package let idle: TimeSpan
  package let confirms: Bool

  package init(label: String, path: String, life: TimeSpan, idle: TimeSpan, confirms: Bool) {
    (self.label, self.path) = (label, path)
    (self.life, self.idle, self.confirms) = (life, idle, confirms)
  }
}

extension HoldingTerms {
  static let pathLimit = 4096
  /// Envelopes that can be unwrapped as a use begins: those of the vault key and of the audit key.
  static let firstEnvelopes = 2
  static let labelLimit = 256
  /// The longest life, in seconds: a week. An agent is meant for a working day.
  package static let lifeLimit: Int64 = 7 * 86_400

  func add(to writer: inout FieldWriter) throws(SecureMemoryError) {
    try writer.add(label)
    try writer.add(path)
    for number in [life.seconds, idle.seconds, confirms ? 1 : 0] { try writer.add(UInt64(max(0, number))) }
  }

  init(from reader: inout FieldReader) throws(AgentError) {
    let (label, path) = (try reader.text(limit: Self.labelLimit), try reader.text(limit: Self.pathLimit))
    let (life, idle) = (try Self.span(&reader), try Self.span(&reader))
    self.init(label: label, path: path, life: life, idle: idle, confirms: try reader.flag())
  }

  private static func span(_ reader: inout FieldReader) throws(AgentError) -> TimeSpan {
    let seconds = try reader.number()
    guard seconds >= 1, seconds <= UInt64(lifeLimit) else { throw .malformed }
    return TimeSpan(seconds: Int64(seconds))
  }
}
