import Foundation
import Glibc

/// The sandbox's HTTP server on 127.0.0.1: one request a connection, and a thread for each connection, since they wait more
/// than they work. It owns its sockets because the faults need that. FlyingFox, tried before, writes the whole head of a reply
/// before the body, so a connection can neither close without a byte nor drip from its first one; and it does not tell that
/// a client has left, so a slow reply to a killed client would count as under way until its time is over.
struct Server: Sendable {
  private let listener: Int32
  let port: UInt16

  /// Listens at once; connections wait until `run`.
  init(port wanted: UInt16) throws(Loopback.Failed) { (listener, port) = try Loopback.listener(port: wanted) }

  var base: String { "http://127.0.0.1:\(port)/" }

  func run(_ router: Router) -> Never {
    while true {
      let client = accept(listener, nil, nil)
      guard client >= 0 else {
        // Too many connections are open: some will close.
        usleep(10_000)
        continue
      }
      let thread = Thread { serve(client, router) }
      thread.stackSize = 512 << 10
      thread.start()
    }
  }

  private func serve(_ client: Int32, _ router: Router) {
    defer { close(client) }
    do throws(Call.Refused) {
      let call = try Call(from: client)
      router.turnstile.enter(call.path)
      let rest = Promise { await router.answer(call) }.wait().startSending(to: client)
      router.turnstile.leave(call.path)
      Loopback.write(rest, to: client)
    } catch {
      guard let response = error.response else { return }
      Loopback.write(response.startSending(to: client), to: client)
      Loopback.linger(client)
    }
  }
}
