internal import CustodySecrets
public import CustodyValues

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

/// What the agent answers.
enum Reply: UInt8 {
  case done = 0x80
  /// The person is being asked; another reply follows.
  case asking
  case refused
}

/// Which of a member's keys signs.
enum SigningUse: UInt64 { case entry = 1, checkpoint, cosignature }

/// One member of one vault: the vault by its ID and by the leaf hash of its first entry.
public struct IdentityName: Hashable, Sendable {
  public let vault: Identifier
  public let genesis: Digest
  public let member: Identifier

  public init(vault: Identifier, genesis: Digest, member: Identifier) {
    (self.vault, self.genesis, self.member) = (vault, genesis, member)
  }
}

/// What an agent says of an identity that it holds.
public struct HeldIdentity: Sendable, Equatable {
  public let name: IdentityName
  /// Until it locks whatever happens, and if nothing happens; rounded up to seconds.
  public let secondsLeft: UInt64
  public let idleSecondsLeft: UInt64
  public let confirms: Bool
}

/// How long an agent holds an identity, and whether it asks.
public struct HoldingTerms: Sendable {
  /// As the agent's question names the member.
  public let label: String
  /// Where the vault's file is, with no symbolic link in it.
  public let path: String
  public let life: TimeSpan
  public let idle: TimeSpan
  public let confirms: Bool

  public init(label: String, path: String, life: TimeSpan, idle: TimeSpan, confirms: Bool) {
    (self.label, self.path) = (label, path)
    (self.life, self.idle, self.confirms) = (life, idle, confirms)
  }
}

extension IdentityName {
  func add(to writer: inout FieldWriter) throws(SecureMemoryError) {
    try writer.add(vault.bytes)
    try writer.add(genesis.bytes)
    try writer.add(member.bytes)
  }

  init(from reader: inout FieldReader) throws(AgentError) {
    self.init(vault: try reader.identifier(), genesis: try reader.digest(), member: try reader.identifier())
  }
}

extension HoldingTerms {
  static let pathLimit = 4096
  /// How many envelopes an identity's use begins with: of the vault key and of the audit key.
  static let firstEnvelopes = 2
  static let labelLimit = 256
  /// A week: an agent is for a working day.
  public static let lifeLimit: Int64 = 7 * 86_400

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
