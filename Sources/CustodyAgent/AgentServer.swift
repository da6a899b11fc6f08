internal import Custody
internal import CustodyCrypto
internal import CustodyLog
internal import CustodySecrets
internal import CustodyValues

/// The agent: one thread that waits for callers, for the end of an identity's time, and for signals.
package final class AgentServer {
  enum Patience {
    static let firstWord = Duration.seconds(2)
    static let word = Duration.seconds(600)
    static let answer = Duration.seconds(30)
    /// The time for which the agent stays with nothing to hold.
    static let empty = Duration.seconds(10)
    /// Connections at one time. A build server runs many commands at once, and each stays connected until its work is
    /// done.
    static let callers = 128
    /// The pause before the agent polls its listener again, after an accept that brought nobody.
    static let pause = Duration.milliseconds(100)
  }

  private let listener: SocketListener
  private let signals: SocketSignals
  private var identities = Identities()
  private var callers: [Caller] = []
  private var asking: Asking?
  private var isEnding = false
  private var admitsFrom = Uptime.now
  private var emptyEnds = Uptime.now + Patience.empty

  /// Takes over the socket that this process was started with. At its end the agent removes the socket's file at
  /// `path`, but leaves one that systemd made.
  package init(path: String?) throws(AgentError) {
    guard let listener = SocketListener.inherited(path: SocketListener.isFromSystemd ? nil : path) else {
      throw .absent
    }
    (self.listener, signals) = (listener, try SocketSignals())
    SocketSpawn.settle()
  }

  init(_ listener: SocketListener, _ signals: SocketSignals, holding identities: Identities) {
    (self.listener, self.signals, self.identities) = (listener, signals, identities)
  }

  /// Serves until it is told to end or holds no identity any more.
  package func run() {
    while !isDone {
      let ready = Set(waitForSomething())
      if ready.contains(signals.descriptor) { break }
      tidy()
      if let asking, ready.contains(asking.terminal.descriptor) { settle(asking) }
      for caller in callers where ready.contains(caller.connection.descriptor) { serve(caller) }
      if ready.contains(listener.descriptor) { admit() }
    }
    _ = identities.dropAll()
    (callers, asking) = ([], nil)
    listener.removeFile()
  }

  private var isDone: Bool {
    if !identities.isEmpty { emptyEnds = Uptime.now + Patience.empty }
    return identities.isEmpty && (isEnding || callers.isEmpty && Uptime.now >= emptyEnds)
  }

  private func waitForSomething() -> [Int32] {
    var descriptors = [signals.descriptor] + callers.map(\.connection.descriptor)
    var ends = callers.map(\.ends) + [identities.nextEnd ?? emptyEnds]
    if callers.count < Patience.callers {
      if admitsFrom <= Uptime.now { descriptors.append(listener.descriptor) } else { ends.append(admitsFrom) }
    }
    if let asking {
      descriptors.append(asking.terminal.descriptor)
      ends.append(asking.ends)
    }
    return SocketPoll.ready(descriptors, until: ends.min() ?? emptyEnds).map { descriptors[$0] }
  }

  /// Drops identities, callers and questions whose time is over.
  private func tidy() {
    expire()
    let now = Uptime.now
    if let asking, asking.ends <= now { settle(asking) }
    callers.removeAll { $0.ends <= now && $0 !== asking?.caller }
    forgetDropped()
  }

  /// Drops identities whose time is over, and ends the agent with the last of them.
  private func expire() {
    guard !identities.isEmpty else { return }
    identities.expire()
    if identities.isEmpty { end() }
  }

  /// Stops the agent. The socket's file goes first, so that nobody finds this agent after somebody is told that it is
  /// locked.
  private func end() {
    isEnding = true
    listener.removeFile()
  }

  /// Takes dropped identities away from the callers that use them.
  private func forgetDropped() {
    for caller in callers {
      if let opened = caller.opened, !identities.held.contains(where: { $0 === opened }) { caller.opened = nil }
    }
    if let open = asking, !identities.held.contains(where: { $0 === open.holding }) { settle(open, as: .notHeld) }
  }

  private func admit() {
    var came = false
    while callers.count < Patience.callers, let connection = listener.accept() {
      came = true
      if let caller = Caller(connection) { callers.append(caller) }
    }
    // If no descriptor is left for a waiting caller, poll would report that caller at once, for ever.
    if !came { admitsFrom = Uptime.now + Patience.pause }
  }

  private func dismiss(_ caller: Caller) {
    callers.removeAll { $0 === caller }
    if asking?.caller === caller { asking = nil }
  }

  // MARK: Requests

  /// Handles one message. A caller that breaks the protocol gets one refusal and is disconnected.
  func serve(_ caller: Caller) {
    do {
      guard let frame = try caller.connection.receiveNow() else { return }
      // A caller may not ask again before its first answer.
      guard asking?.caller !== caller else { throw AgentError.malformed }
      guard try perform(frame, for: caller) else { return dismiss(caller) }
      caller.touch()
    } catch AgentError.refused(let refusal) {
      if !caller.refuse(refusal) { dismiss(caller) }
    } catch {
      if let refusal = Self.refusal(for: error) { _ = caller.refuse(refusal) }
      dismiss(caller)
    }
    forgetDropped()
  }

  private static func refusal(for error: any Error) -> Refusal? {
    switch error {
    case AgentError.closed: nil
    case AgentError.otherVersion: .otherVersion
    default: .malformed
    }
  }

  /// Carries out a request.
  /// - Returns: Whether the reply could be sent.
  private func perform(_ frame: consuming Frame, for caller: Caller) throws -> Bool {
    guard let request = Request(rawValue: frame.kind) else { throw AgentError.malformed }
    var fields = FieldReader(frame)
    switch request {
    case .status: return try status(&fields, caller)
    case .hold: return try hold(&fields, caller)
    case .open: return try open(&fields, caller)
    case .unwrap: return try unwrap(&fields, caller)
    case .sign: return try sign(&fields, caller)
    case .drop:
      let (vault, member) = (try fields.identifier(), try fields.identifier())
      try fields.finish()
      return try count(identities.drop(vault, member), caller)
    case .dropAll:
      try fields.finish()
      return try count(identities.dropAll(), caller)
    }
  }

  private func count(_ dropped: Int, _ caller: Caller) throws -> Bool {
    if identities.isEmpty { end() }
    var reply = try FieldWriter()
    try reply.add(UInt64(dropped))
    return caller.answer(.done, reply)
  }

  private func status(_ fields: inout FieldReader, _ caller: Caller) throws -> Bool {
    try fields.finish()
    expire()
    var reply = try FieldWriter()
    for holding in identities.held {
      let held = holding.description
      try held.name.add(to: &reply)
      for number in [held.secondsLeft, held.idleSecondsLeft, held.confirms ? 1 : 0] { try reply.add(number) }
    }
    return caller.answer(.done, reply)
  }

  private func hold(_ fields: inout FieldReader, _ caller: Caller) throws -> Bool {
    let terminal = caller.connection.takeGift().flatMap(SocketTerminal.init(adopting:))
    let (name, terms) = (try IdentityName(from: &fields), try HoldingTerms(from: &fields))
    let seed = try fields.secret()
    try fields.finish()
    // An ending agent takes no identity; the command then starts another agent.
    guard !isEnding else { throw AgentError.closed }
    guard Hardening.memoryIsPrivate else { throw AgentError.refused(.notPrivate) }
    guard !terms.confirms || terminal != nil else { throw AgentError.refused(.declined) }
    expire()
    try identities.hold(Holding(name, terms, seed: seed, terminal: terms.confirms ? terminal : nil))
    var reply = try FieldWriter()
    try reply.add(UInt64(Hardening.memoryIsLocked ? 1 : 0))
    return caller.answer(.done, reply)
  }

  // MARK: Uses

  private func open(_ fields: inout FieldReader, _ caller: Caller) throws -> Bool {
    let name = try IdentityName(from: &fields)
    let (path, what) = (try fields.text(limit: HoldingTerms.pathLimit), try fields.text(limit: 256))
    var envelopes: [[UInt8]] = []
    while !fields.isAtEnd, envelopes.count < HoldingTerms.firstEnvelopes { envelopes.append(try fields.bytes()) }
    try fields.finish()
    caller.opened = nil
    let holding = try identities.find(name, at: path)
    guard holding.terms.confirms else { return try grant(holding, envelopes, to: caller) }
    guard asking == nil else { throw AgentError.refused(.busy) }
    let question =
      "Custody: may \"\(PrintableText.escape(what))\" (process \(caller.process)) use the keys of "
      + "\(PrintableText.escape(holding.terms.label))?"
    guard let terminal = holding.terminal, terminal.ask(question) else {
      // The terminal is gone, so nobody can agree any more.
      _ = identities.drop(name.vault, name.member)
      throw AgentError.refused(.declined)
    }
    asking = Asking(
      caller: caller, holding: holding, envelopes: envelopes, terminal: terminal, ends: Uptime.now + Patience.answer)
    return caller.answer(.asking)
  }

  private func settle(_ question: Asking, as refusal: Refusal = .declined) {
    let answer = question.terminal.answer()
    if answer == .none, refusal == .declined, Uptime.now < question.ends { return }
    asking = nil
    if answer == .none { _ = question.terminal.say("no answer: not allowed\n") }
    let isHeld = identities.held.contains { $0 === question.holding }
    let sent =
      answer == .yes && isHeld
      ? (try? grant(question.holding, question.envelopes, to: question.caller)) ?? false
      : question.caller.refuse(refusal)
    if !sent { dismiss(question.caller) }
  }

  private func grant(_ holding: Holding, _ envelopes: [[UInt8]], to caller: Caller) throws -> Bool {
    holding.touch()
    caller.opened = holding
    caller.touch()
    let keys = holding.holder.keys
    var reply = try FieldWriter()
    for key in [keys.box.bytes, keys.entries.bytes, keys.checkpoints.bytes, keys.cosignatures.bytes] {
      try reply.add(key.bytes)
    }
    for sealed in envelopes {
      do { try reply.add(unwrapped(sealed, by: holding)) } catch is CryptoError { try reply.add([]) }
    }
    return caller.answer(.done, reply)
  }

  private func used(by caller: Caller) throws -> Holding {
    expire()
    guard let opened = caller.opened, identities.held.contains(where: { $0 === opened }) else {
      throw AgentError.refused(.notHeld)
    }
    opened.touch()
    return opened
  }

  /// Unwraps a key that is sealed to the member. It opens nothing but 32-byte keys.
  private func unwrap(_ fields: inout FieldReader, _ caller: Caller) throws -> Bool {
    let sealed = try fields.bytes()
    try fields.finish()
    let holding = try used(by: caller)
    var reply = try FieldWriter()
    do { try reply.add(unwrapped(sealed, by: holding)) } catch is CryptoError { throw AgentError.refused(.malformed) }
    return caller.answer(.done, reply)
  }

  private func unwrapped(_ sealed: [UInt8], by holding: Holding) throws -> SecureBytes {
    let key: DataKey = try holding.holder.unwrap(sealed, in: holding.arena)
    return try key.copy()
  }

  private func sign(_ fields: inout FieldReader, _ caller: Caller) throws -> Bool {
    guard let use = SigningUse(rawValue: try fields.number()) else { throw AgentError.malformed }
    let text = try fields.bytes()
    try fields.finish()
    let holder = try used(by: caller).holder
    var reply = try FieldWriter()
    switch use {
    case .entry: try reply.add(holder.signEntry(text))
    case .checkpoint: try reply.add(holder.signCheckpoint(text))
    case .cosignature: try reply.add(holder.signCosignature(text))
    }
    return caller.answer(.done, reply)
  }
}
