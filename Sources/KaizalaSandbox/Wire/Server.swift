import Foundation
import Glibc

/// The sandbox's HTTP server on 127.0.0.1. It serves one request per connection, each on a thread of its own.
///
/// It is written on sockets because faults need them. FlyingFox, which was tried, writes a reply's whole head before
/// its body, so a connection can't close without a byte, nor drip from the first one. It also does not tell that a
/// client has left, so a slow reply to a killed client would count as under way until its time is over.
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
        // Too many connections are open. Some will close.
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
