internal import CUnix
internal import CustodySystem
internal import CustodyValues
internal import Glibc

/// Where callers come in.
final class SocketListener {
  /// Its number in an agent, as in systemd's protocol for services that are started by their socket.
  static let inheritedNumber: Int32 = 3

  /// Who waits to be let in.
  private static let room: Int32 = 128

  let descriptor: Int32
  /// Set where the path is ours to remove: the file that stood there when we began.
  private var file: (path: String, number: UInt64)?

  private init(_ descriptor: Int32, file: (path: String, number: UInt64)?) {
    (self.descriptor, self.file) = (descriptor, file)
  }

  deinit { close(descriptor) }

  /// 0600 from its first moment. Nothing may stand there.
  static func make(at path: String) throws(AgentError) -> SocketListener {
    let made = cunix_socket()
    guard made >= 0 else { throw .failed(SystemError(code: -made)) }
    let listener = SocketListener(made, file: nil)
    // The kernel gives the file the mode that the socket has when it is bound. A umask would be every thread's.
    guard fchmod(made, 0o600) == 0 else { throw .failed(SystemError(code: errno)) }
    let code = unsafe path.withCString { unsafe cunix_bind(made, $0) }
    guard code == 0 else { throw .failed(SystemError(code: code)) }
    guard listen(made, room) == 0 else { throw .failed(SystemError(code: errno)) }
    return listener
  }

  /// The one that this process was started with; nil where it was not. `path` is removed at the end, unless systemd made it.
  static func inherited(path: String?) -> SocketListener? {
    guard cunix_listens(inheritedNumber) == 1 else { return nil }
    _ = fcntl(inheritedNumber, F_SETFD, FD_CLOEXEC)
    _ = fcntl(inheritedNumber, F_SETFL, O_NONBLOCK)
    // Again: from now on callers are told this process as their peer, and not the one that made the socket.
    _ = listen(inheritedNumber, room)
    return SocketListener(inheritedNumber, file: path.flatMap { path in number(path).map { (path, $0) } })
  }

  /// Whether systemd says that it made the socket, and means this process.
  static var isFromSystemd: Bool {
    Environment.value("LISTEN_FDS") == "1" && Environment.value("LISTEN_PID") == "\(getpid())"
  }

  /// Nil where nobody waits any more.
  func accept() -> SocketConnection? {
    let caller = cunix_accept(descriptor)
    return caller >= 0 ? SocketConnection(adopting: caller) : nil
  }

  /// Before it closes: who comes after finds nothing, and not something dead. Another agent's file stays.
  func removeFile() {
    guard let file, Self.number(file.path) == file.number else { return }
    self.file = nil
    unsafe _ = file.path.withCString { unsafe unlink($0) }
  }

  private static func number(_ path: String) -> UInt64? {
    var status = stat()
    return unsafe path.withCString { unsafe lstat($0, &status) } == 0 ? UInt64(status.st_ino) : nil
  }
}
