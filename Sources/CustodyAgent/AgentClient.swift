internal import CustodyLog
internal import CustodySecrets
package import CustodyValues

/// The command's side of a connection to the agent. Each exchange fails after two seconds, or after 35 where a person
/// is being asked.
package final class AgentClient {
  static let patience = Duration.seconds(2)
  static let patienceWithPeople = Duration.seconds(35)

  private let connection: SocketConnection

  /// Connects to the running agent.
  /// - Throws: `absent` if no agent is running, `foreignPeer` if another user's is.
  package init(at place: SocketPlace) throws(AgentError) {
    guard try place.holdsSocket() else { throw .absent }
    connection = try SocketConnection.connect(to: place.path, until: Uptime.now + Self.patience)
    guard connection.peerIsMine else { throw .foreignPeer }
  }

  init(over connection: SocketConnection) { self.connection = connection }

  /// The process ID of the agent. It is systemd's own while nobody has answered on a socket that systemd made.
  package var process: Int32? { connection.peer?.process }

  package func status() throws(AgentError) -> [HeldIdentity] { try status(until: Uptime.now + Self.patience) }

  func status(until end: Uptime) throws(AgentError) -> [HeldIdentity] {
    let message = try fields { _ throws(SecureMemoryError) in }
    var reply = FieldReader(try exchange(message.frame(Request.status.rawValue), until: end))
    var held: [HeldIdentity] = []
    while !reply.isAtEnd {
      guard held.count < 1000 else { throw .malformed }
      held.append(
        HeldIdentity(
          name: try IdentityName(from: &reply), secondsLeft: try reply.number(), idleSecondsLeft: try reply.number(),
          confirms: try reply.flag()))
    }
    return held
  }

  /// Hands an identity over to the agent.
  /// - Returns: Whether the agent's memory is kept out of swap.
  func hold(
    _ name: IdentityName, _ terms: HoldingTerms, seed: borrowing SecureBytes, terminal: SocketTerminal?
  ) throws(AgentError) -> Bool {
    let message: Frame
    do {
      var fields = try FieldWriter()
      try name.add(to: &fields)
      try terms.add(to: &fields)
      try fields.add(seed)
      message = fields.frame(Request.hold.rawValue)
    } catch { throw .outOfMemory }
    var reply = FieldReader(try exchange(message, gift: terminal?.descriptor ?? -1))
    defer { withExtendedLifetime(terminal) {} }
    let isLocked = try reply.flag()
    try reply.finish()
    return isLocked
  }

  /// Asks for one use of an identity.
  ///
  /// - Parameters:
  ///   - path: The path of the vault's file, with no symbolic link in it.
  ///   - what: The command that uses it, as the agent's question to the person names it.
  ///   - envelopes: Sealed keys that the use begins with, to be unwrapped in the same exchange; at most two.
  package func open(
    _ name: IdentityName, path: String, for what: String, unwrapping envelopes: [[UInt8]] = []
  ) throws(AgentError) -> AgentHolder {
    let envelopes = envelopes.prefix(HoldingTerms.firstEnvelopes)
    let message = try fields { fields throws(SecureMemoryError) in
      try name.add(to: &fields)
      try fields.add(path)
      try fields.add(what)
      for sealed in envelopes { try fields.add(sealed) }
    }
    var reply = FieldReader(try ask(.open, message))
    let keys = MemberKeys(
      box: MemberKey(try reply.digest()), entries: MemberKey(try reply.digest()),
      checkpoints: MemberKey(try reply.digest()), cosignatures: MemberKey(try reply.digest()))
    let holder = AgentHolder(self, keys: keys)
    for sealed in envelopes { holder.keep(try reply.secret(), of: sealed) }
    try reply.finish()
    return holder
  }

  /// Makes the agent forget a member's identity of a vault, and returns how many it forgot.
  package func drop(_ vault: Identifier, _ member: Identifier) throws(AgentError) -> UInt64 {
    let message = try fields { fields throws(SecureMemoryError) in
      try fields.add(vault.bytes)
      try fields.add(member.bytes)
    }
    return try count(try ask(.drop, message))
  }

  package func dropAll() throws(AgentError) -> UInt64 {
    try count(try ask(.dropAll, try fields { _ throws(SecureMemoryError) in }))
  }

  func unwrap(_ sealed: [UInt8]) throws(AgentError) -> SecureBytes {
    let message = try fields { fields throws(SecureMemoryError) in try fields.add(sealed) }
    var reply = FieldReader(try ask(.unwrap, message))
    let key = try reply.secret()
    try reply.finish()
    guard key.count == 32 else { throw .malformed }
    return key
  }

  func sign(_ text: [UInt8], as use: SigningUse) throws(AgentError) -> [UInt8] {
    let message = try fields { fields throws(SecureMemoryError) in
      try fields.add(use.rawValue)
      try fields.add(text)
    }
    var reply = FieldReader(try ask(.sign, message))
    let signature = try reply.bytes()
    try reply.finish()
    return signature
  }

  // MARK: Messages

  private func count(_ frame: consuming Frame) throws(AgentError) -> UInt64 {
    var reply = FieldReader(frame)
    let count = try reply.number()
    try reply.finish()
    return count
  }

  private func fields(
    _ body: (inout FieldWriter) throws(SecureMemoryError) -> Void
  ) throws(AgentError) -> FieldWriter {
    do {
      var fields = try FieldWriter()
      try body(&fields)
      return fields
    } catch { throw .outOfMemory }
  }

  private func ask(_ request: Request, _ fields: consuming FieldWriter) throws(AgentError) -> Frame {
    try exchange(fields.frame(request.rawValue))
  }

  private func exchange(
    _ message: borrowing Frame, gift: Int32 = -1, until end: Uptime = Uptime.now + AgentClient.patience
  ) throws(AgentError) -> Frame {
    try connection.send(message, gift: gift, until: end)
    let reply = try connection.receive(until: end)
    guard reply.kind == Reply.asking.rawValue, message.kind == Request.open.rawValue else { return try judged(reply) }
    return try judged(try connection.receive(until: Uptime.now + Self.patienceWithPeople))
  }

  private func judged(_ reply: consuming Frame) throws(AgentError) -> Frame {
    if reply.kind == Reply.done.rawValue { return reply }
    guard reply.kind == Reply.refused.rawValue else { throw .malformed }
    var fields = FieldReader(reply)
    let number = try fields.number()
    try fields.finish()
    guard let refusal = UInt8(exactly: number).flatMap(Refusal.init(rawValue:)) else { throw .malformed }
    throw .refused(refusal)
  }
}
