import CustodyCrypto
import CustodySystem
import CustodyValues
import Glibc

@testable import Custody
@testable import CustodyAgent
@testable import CustodyLog

extension FuzzTarget {
  /// The first byte chooses: one of the commands' questions, with the rest for the agent's answers; or the agent itself, with
  /// messages of a command that has opened an identity, or has not.
  static let agent = FuzzTarget(
    name: "agent", longest: 4096,
    seeds: {
      let name = Self.identity
      let id = name.vault.bytes, genesis = name.genesis.bytes
      func message(_ kind: UInt8, _ fields: [[UInt8]]) -> [UInt8] {
        var body: [UInt8] = [Frame.version, kind]
        for field in fields { body += [0, 0] as [UInt8] + block(field) }
        return [0, 0] as [UInt8] + block(body)
      }
      let one: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 1]
      let open: [[UInt8]] = [id, genesis, id, utf8("/vault"), utf8("what")]
      let holds: [[UInt8]] = [
        id, genesis, id, utf8("label"), utf8("/vault"), one, one, one, [UInt8](repeating: 3, count: 32),
      ]
      let requests: [[UInt8]] = [
        message(1, []), message(2, holds), message(3, open), message(3, open) + message(5, [one, utf8("text")]),
        message(3, open) + message(4, [utf8("sealed")]), message(6, [id, id]), message(7, []),
      ]
      let answers: [[UInt8]] = [
        message(0x80, [id, genesis, id, one, one, one]), message(0x80, [one]), message(0x82, [one]),
        message(0x81, []) + message(0x80, [genesis, genesis, genesis, genesis, genesis]), message(0x80, [genesis]),
      ]
      let ours: [[UInt8]] = requests.map { [255] + $0 }
      return ours + answers.enumerated().map { [UInt8($0.offset)] + $0.element }
    }, run: talk)

  private static let identity = IdentityName(
    vault: Cast.shared.people[0].id, genesis: SHA256.hash([1]), member: Cast.shared.people[0].id)

  private static func talk(_ bytes: [UInt8]) throws {
    let rest = Array(bytes.dropFirst())
    let (near, far) = try pair()
    try Output.write(rest, to: far.descriptor)
    shutdown(far.descriptor, Int32(SHUT_WR))
    if bytes.first ?? 0 >= 128 { try serve(near) } else { ask(bytes.first ?? 0, AgentClient(over: near)) }
  }

  private static func pair() throws -> (SocketConnection, SocketConnection) {
    var ends: [Int32] = [0, 0]
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0, &ends) == 0 else {
      throw Broken("no sockets: \(errno)")
    }
    return (SocketConnection(adopting: ends[0]), SocketConnection(adopting: ends[1]))
  }

  private static func ask(_ question: UInt8, _ client: AgentClient) {
    do throws(AgentError) {
      switch question % 6 {
      case 0: _ = try client.status()
      case 1: _ = try client.drop(identity.vault, identity.member)
      case 2: _ = try client.dropAll()
      case 3:
        let holder = try client.open(identity, path: "/vault", for: "what", unwrapping: [utf8("sealed")])
        _ = try? holder.signEntry(utf8("text"))
      case 4: _ = try client.unwrap(utf8("sealed"))
      default: _ = try client.sign(utf8("text"), as: .entry)
      }
    } catch { _ = error }
  }

  private static func serve(_ connection: SocketConnection) throws {
    let seed = try Cast.seed(0, Cast.shared.arena).copy()
    let terms = HoldingTerms(
      label: "ada", path: "/vault", life: TimeSpan(seconds: 60), idle: TimeSpan(seconds: 60), confirms: false)
    var identities = Identities()
    try identities.hold(Holding(identity, terms, seed: seed, terminal: nil))
    let server = AgentServer(try Place.shared.get().listener, try Place.shared.get().signals, holding: identities)
    guard let caller = Caller(connection) else { throw Broken("a caller of one's own is let in") }
    for _ in 0..<64 { server.serve(caller) }
  }

  /// An agent's socket, to which nobody connects.
  private final class Place: @unchecked Sendable {
    let listener: SocketListener
    let signals: SocketSignals

    static let shared = Result { try Place() }

    private init() throws {
      let path = "/tmp/custody-fuzz-\(getpid()).sock"
      unlink(path)
      listener = try SocketListener.make(at: path)
      unlink(path)
      signals = try SocketSignals()
      // The signals stay unblocked, so that fuzzing can be interrupted.
      var ends = sigset_t()
      sigfillset(&ends)
      sigprocmask(SIG_UNBLOCK, &ends, nil)
    }
  }
}
