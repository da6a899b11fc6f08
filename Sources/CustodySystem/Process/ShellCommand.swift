package import CustodySecrets
internal import CustodyValues
internal import CUnix
internal import Glibc

/// Runs a user's shell command that prints a secret.
package enum ShellCommand {
  /// The command's standard output, through a pipe into guarded memory. It shares our input and standard error. Nil
  /// if the command fails.
  package static func output(of command: String, limit: Int) throws -> SecureBytes? {
    var ends: [Int32] = [0, 0]
    guard unsafe pipe(&ends) == 0 else { throw SystemError(code: errno) }
    defer { close(ends[0]) }
    let process = try start(command, pipe: ends)
    let output = try Input.read(descriptor: ends[0], limit: limit)
    guard succeeded(process) else { return nil }
    return output
  }

  private static func start(_ command: String, pipe ends: [Int32]) throws -> pid_t {
    defer { close(ends[1]) }
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    for end in ends where end != 1 { unsafe posix_spawn_file_actions_addclose(&actions, end) }
    var words: [UnsafeMutablePointer<CChar>?] = unsafe []
    for word in ["/bin/sh", "-c", command] { unsafe words.append(strdup(word)) }
    unsafe words.append(nil)
    defer { unsafe words.forEach { unsafe free($0) } }
    var process: pid_t = 0
    let code = unsafe posix_spawn(&process, "/bin/sh", &actions, nil, words, cunix_environment())
    guard code == 0 else { throw SystemError(code: code) }
    return process
  }

  private static func succeeded(_ process: pid_t) -> Bool {
    var status: Int32 = 0
    while unsafe waitpid(process, &status, 0) < 0 { guard errno == EINTR else { return false } }
    return status == 0
  }
}
