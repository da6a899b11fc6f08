internal import CUnix
internal import CustodySystem
internal import CustodyValues
internal import Glibc

/// Starts an agent: this program again, in its own session, with the socket and nothing else.
enum SocketSpawn {
  static func agent(_ listener: SocketListener, path: String) throws(AgentError) {
    // The environment is empty but for the path of libraries, if one was set.
    let libraries = Environment.value("LD_LIBRARY_PATH").map { ["LD_LIBRARY_PATH=\($0)"] } ?? []
    let code = unsafe withStrings(["custody", "agent", "--socket", path]) { words in
      unsafe withStrings(libraries) { environment in
        unsafe cunix_spawn_self(words, environment, listener.descriptor)
      }
    }
    guard code == 0 else { throw .failed(SystemError(code: code)) }
  }

  /// Called in the agent: leaves the current folder, so that it is not kept in use, and sets a private umask.
  static func settle() {
    unsafe _ = "/".withCString { unsafe chdir($0) }
    umask(0o077)
  }

  private static func withStrings<R>(
    _ texts: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> R
  ) -> R {
    var strings: [UnsafeMutablePointer<CChar>?] = unsafe texts.map { unsafe strdup($0) }
    unsafe strings.append(nil)
    defer { unsafe strings.forEach { unsafe free($0) } }
    return unsafe strings.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { preconditionFailure("an array with an end has a place") }
      return unsafe body(base)
    }
  }
}
