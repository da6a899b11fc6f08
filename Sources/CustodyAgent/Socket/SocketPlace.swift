internal import CustodySystem
internal import CustodyValues
internal import Glibc

/// The path of the agent's socket: `$XDG_RUNTIME_DIR/custody/agent.sock`, and nothing else.
package struct SocketPlace {
  package let folder: String
  package var path: String { folder + "/agent.sock" }
  var lock: String { folder + "/agent.lock" }

  package init() throws(AgentError) {
    guard let runtime = Environment.value("XDG_RUNTIME_DIR"), runtime.hasPrefix("/") else { throw .noRuntimeFolder }
    try self.init(runtime: runtime)
  }

  /// Checks that the runtime folder exists and is its user's alone. It is never created here: systemd or the session
  /// makes it.
  init(runtime: String) throws(AgentError) {
    guard let status = try Self.status(runtime) else { throw .noRuntimeFolder }
    guard status.kind == .folder, status.isMine, status.isPrivate else { throw .foreign(path: runtime) }
    folder = runtime + "/custody"
  }

  func makeFolder() throws(AgentError) {
    do { try Folder.makePrivate(folder) } catch { throw .failed(error) }
    guard try checkFolder() else { throw .absent }
  }

  /// True if there is a socket. Throws if the file or its folder is of another kind or user, or open to others; such
  /// a file is never touched.
  func holdsSocket() throws(AgentError) -> Bool {
    guard try checkFolder() else { return false }
    var status = stat()
    guard unsafe path.withCString({ unsafe lstat($0, &status) }) == 0 else {
      guard errno == ENOENT else { throw .failed(SystemError(code: errno)) }
      return false
    }
    guard status.st_mode & S_IFMT == S_IFSOCK, status.st_uid == geteuid(), status.st_mode & 0o077 == 0 else {
      throw .foreign(path: path)
    }
    return true
  }

  /// Removes the socket's file that a killed agent left.
  func removeDead() throws(AgentError) {
    guard try holdsSocket() else { return }
    guard unsafe path.withCString({ unsafe unlink($0) }) == 0 || errno == ENOENT else {
      throw .failed(SystemError(code: errno))
    }
  }

  private func checkFolder() throws(AgentError) -> Bool {
    guard let status = try Self.status(folder) else { return false }
    guard status.kind == .folder, status.isMine, status.isPrivate else { throw .foreign(path: folder) }
    return true
  }

  private static func status(_ path: String) throws(AgentError) -> FileStatus? {
    do { return try FileStatus.ifPresent(path) } catch { throw .failed(error) }
  }
}

/// A path with no symbolic link in it, so that two ways to one vault compare equal.
package enum PlainPath {
  package static func of(_ path: String) -> String? {
    guard let found = unsafe path.withCString({ unsafe realpath($0, nil) }) else { return nil }
    defer { unsafe free(found) }
    return unsafe String(validatingCString: found)
  }
}
