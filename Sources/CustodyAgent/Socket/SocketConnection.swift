internal import CUnix
internal import CustodySecrets
internal import CustodySystem
internal import CustodyValues
internal import Glibc

/// One end of a connection. No call blocks beyond the time that it is given.
final class SocketConnection {
  let descriptor: Int32
  private var head: [UInt8] = []
  private var kind: UInt8 = 0
  private var body: Incoming?
  /// A descriptor that came beside a message, or -1.
  private var gift: Int32 = -1

  /// The message that is being received. It is in a class, because a noncopyable value can't be an optional property
  /// that is filled in place.
  private final class Incoming {
    var bytes: SecureBytes?
    let size: Int
    var count = 0
    init(count: Int) throws(SecureMemoryError) {
      bytes = try SecureBytes(count: count)
      size = count
    }
  }

  init(adopting descriptor: Int32) { self.descriptor = descriptor }

  deinit {
    close(descriptor)
    if gift >= 0 { close(gift) }
  }

  /// Connects to the socket at `path`.
  static func connect(to path: String, until end: Uptime) throws(AgentError) -> SocketConnection {
    let made = cunix_socket()
    guard made >= 0 else { throw .failed(SystemError(code: -made)) }
    let connection = SocketConnection(adopting: made)
    while true {
      switch unsafe path.withCString({ unsafe cunix_connect(made, $0) }) {
      case 0: return connection
      case ECONNREFUSED, ENOENT: throw .absent
      // The listener's queue is full. Nothing tells when there is room again.
      case EAGAIN:
        guard Uptime.now < end else { throw .timedOut }
        Wait.sleep(.milliseconds(20))
      case let code: throw .failed(SystemError(code: code))
      }
    }
  }

  var peer: (user: UInt32, process: Int32)? {
    var (user, process) = (UInt32(0), Int32(0))
    return unsafe cunix_peer(descriptor, &user, &process) == 0 ? (user, process) : nil
  }

  var peerIsMine: Bool { peer?.user == geteuid() }

  /// Sends a whole message, and with it the descriptor `gift` unless that is -1. Throws if the peer does not read in
  /// time.
  func send(_ frame: borrowing Frame, gift: Int32 = -1, until end: Uptime) throws(AgentError) {
    let count = frame.body.upperBound
    var done = 0
    while done < count {
      let start = done
      let sent = unsafe frame.bytes.withUnsafeBytes {
        unsafe cunix_send(descriptor, $0.baseAddress?.advanced(by: start), count - start, start == 0 ? gift : -1)
      }
      if sent > 0 {
        done += sent
      } else if -sent == EAGAIN {
        guard Uptime.now < end else { throw .timedOut }
        _ = SocketPoll.ready([descriptor], writing: true, until: end)
      } else if -sent != EINTR {
        throw .closed
      }
    }
  }

  /// Waits for the next message.
  func receive(until end: Uptime) throws(AgentError) -> Frame {
    while true {
      if let frame = try receiveNow() { return frame }
      guard Uptime.now < end else { throw .timedOut }
      _ = SocketPoll.ready([descriptor], until: end)
    }
  }

  /// The next message if all of it is there, or nil. What has come of it is kept.
  func receiveNow() throws(AgentError) -> Frame? {
    while body == nil {
      guard let more = try part(of: Frame.headCount - head.count) else { return nil }
      head += more
      guard head.count == Frame.headCount else { continue }
      let known = try Frame.head(head)
      kind = known.kind
      do { body = try Incoming(count: known.bodyCount) } catch { throw .outOfMemory }
    }
    guard let body else { return nil }
    while body.count < body.size {
      guard try fill(body) else { return nil }
    }
    (head, self.body) = ([], nil)
    guard let bytes = body.bytes.take() else { throw .malformed }
    return Frame(kind: kind, body: bytes)
  }

  func takeGift() -> Int32? {
    defer { gift = -1 }
    return gift >= 0 ? gift : nil
  }

  private func part(of count: Int) throws(AgentError) -> [UInt8]? {
    var room = [UInt8](repeating: 0, count: count)
    let got = unsafe room.withUnsafeMutableBytes { unsafe read($0) }
    guard let got = try got.get() else { return nil }
    return Array(room[..<got])
  }

  private func fill(_ incoming: Incoming) throws(AgentError) -> Bool {
    let start = incoming.count
    guard var bytes = incoming.bytes.take() else { throw .malformed }
    let result = unsafe bytes.withUnsafeMutableBytes { room in
      unsafe read(UnsafeMutableRawBufferPointer(rebasing: room[start...]))
    }
    incoming.bytes = consume bytes
    guard let got = try result.get() else { return false }
    incoming.count += got
    return true
  }

  private func read(_ room: UnsafeMutableRawBufferPointer) -> Result<Int?, AgentError> {
    while true {
      var came: Int32 = -1
      let got = unsafe cunix_receive(descriptor, room.baseAddress, room.count, &came)
      if came >= 0 {
        if gift >= 0 { close(gift) }
        gift = came
      }
      if got > 0 { return .success(got) }
      if -got == EAGAIN { return .success(nil) }
      guard -got == EINTR else { return .failure(.closed) }
    }
  }
}
