internal import CustodyValues

/// A command at the other end of a connection to the agent, and the one identity that it may use.
final class Caller {
  let connection: SocketConnection
  let process: Int32
  /// A connection lasts for one command's work, and a silent one not for long.
  private(set) var ends: Uptime
  var opened: Holding?

  init?(_ connection: SocketConnection) {
    guard let peer = connection.peer, connection.peerIsMine else { return nil }
    (self.connection, process) = (connection, peer.process)
    ends = Uptime.now + AgentServer.Patience.firstWord
  }

  /// Who has no use of an identity has nothing to stay for, and would keep others out.
  func touch() { ends = Uptime.now + (opened == nil ? AgentServer.Patience.firstWord : AgentServer.Patience.word) }

  /// Whether it was told.
  func answer(_ reply: Reply, _ fields: consuming FieldWriter) -> Bool {
    (try? connection.send(fields.frame(reply.rawValue), until: Uptime.now + .milliseconds(200))) != nil
  }

  func answer(_ reply: Reply) -> Bool {
    guard let fields = try? FieldWriter() else { return false }
    return answer(reply, fields)
  }

  func refuse(_ refusal: Refusal) -> Bool {
    guard var fields = try? FieldWriter(), (try? fields.add(UInt64(refusal.rawValue))) != nil else { return false }
    return answer(.refused, fields)
  }
}

/// A question on somebody's terminal, and who waits for its answer.
struct Asking {
  let caller: Caller
  let holding: Holding
  let envelopes: [[UInt8]]
  let terminal: SocketTerminal
  let ends: Uptime
}
