internal import CUnix
internal import CustodySystem
internal import CustodyValues
internal import Glibc

/// The socket on which the agent accepts callers.
final class SocketListener {
  /// The descriptor number of the socket in an agent, as systemd's protocol for socket activation has it.
  static let inheritedNumber: Int32 = 3

  /// The length of the queue of waiting callers.
  private static let room: Int32 = 128

  let descriptor: Int32
  /// The socket's path and inode number, if this process is to remove the file at its end.
  private var file: (path: String, number: UInt64)?

  private init(_ descriptor: Int32, file: (path: String, number: UInt64)?) {
    (self.descriptor, self.file) = (descriptor, file)
  }

  deinit { close(descriptor) }

  /// Makes a socket with mode 0600 from its first moment. Nothing may exist at the path.
  static func make(at path: String) throws(AgentError) -> SocketListener {
    let made = cunix_socket()
    guard made >= 0 else { throw .failed(SystemError(code: -made)) }
    let listener = SocketListener(made, file: nil)
    // The kernel gives the file the mode that the socket has at the time of bind. A umask would hold for all threads.
    guard fchmod(made, 0o600) == 0 else { throw .failed(SystemError(code: errno)) }
    let code = unsafe path.withCString { unsafe cunix_bind(made, $0) }
    guard code == 0 else { throw .failed(SystemError(code: code)) }
    guard listen(made, room) == 0 else { throw .failed(SystemError(code: errno)) }
    return listener
  }

  /// The listening socket that this process was started with, or nil. Its file at `path` is removed at the end; a nil
  /// path leaves it, as for one that systemd made.
  static func inherited(path: String?) -> SocketListener? {
    guard cunix_listens(inheritedNumber) == 1 else { return nil }
    _ = fcntl(inheritedNumber, F_SETFD, FD_CLOEXEC)
    _ = fcntl(inheritedNumber, F_SETFL, O_NONBLOCK)
    // Listening again makes the kernel report this process as the callers' peer, and not the one that made the
    // socket.
    _ = listen(inheritedNumber, room)
    return SocketListener(inheritedNumber, file: path.flatMap { path in number(path).map { (path, $0) } })
  }

  /// True if systemd made the socket for this very process (`LISTEN_FDS`, `LISTEN_PID`).
  static var isFromSystemd: Bool {
    Environment.value("LISTEN_FDS") == "1" && Environment.value("LISTEN_PID") == "\(getpid())"
  }

  /// The next waiting caller, or nil.
  func accept() -> SocketConnection? {
    let caller = cunix_accept(descriptor)
    return caller >= 0 ? SocketConnection(adopting: caller) : nil
  }

  /// Removes the socket's file, before the socket closes: later callers then find nothing, and not something dead.
  /// Another agent's file stays.
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
