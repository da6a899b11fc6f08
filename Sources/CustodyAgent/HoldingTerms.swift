internal import CustodySecrets
package import CustodyValues

/// How long an agent holds an identity, and whether it asks.
package struct HoldingTerms: Sendable {
  /// As the agent's question names the member.
  package let label: String
  /// Where the vault's file is, with no symbolic link in it.
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
  /// How many envelopes an identity's use begins with: of the vault key and of the audit key.
  static let firstEnvelopes = 2
  static let labelLimit = 256
  /// A week: an agent is for a working day.
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
