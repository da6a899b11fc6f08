internal import CustodyValues

/// A command that is connected to the agent, and the one identity that it may use.
final class Caller {
  let connection: SocketConnection
  let process: Int32
  /// The time at which the connection is closed: ten minutes after the last message, or two seconds for a caller that
  /// uses no identity.
  private(set) var ends: Uptime
  var opened: Holding?

  init?(_ connection: SocketConnection) {
    guard let peer = connection.peer, connection.peerIsMine else { return nil }
    (self.connection, process) = (connection, peer.process)
    ends = Uptime.now + AgentServer.Patience.firstWord
  }

  /// Prolongs the connection. A caller that uses no identity gets little time, because it would keep others out.
  func touch() { ends = Uptime.now + (opened == nil ? AgentServer.Patience.firstWord : AgentServer.Patience.word) }

  /// Sends a reply within 200 ms. False if that failed.
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

/// A question that is open on a person's terminal, and the caller that waits for its answer.
struct Asking {
  let caller: Caller
  let holding: Holding
  let envelopes: [[UInt8]]
  let terminal: SocketTerminal
  let ends: Uptime
}
