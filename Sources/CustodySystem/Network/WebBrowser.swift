package import CustodyValues
internal import CUnix
internal import Glibc

/// Opens the person's browser, through the desktop's own command.
package enum WebBrowser {
  /// Starts the browser without waiting for it. It gets neither our input nor our output.
  package static func show(_ url: String) throws(SystemError) {
    var (actions, attributes) = unsafe (posix_spawn_file_actions_t(), posix_spawnattr_t())
    unsafe posix_spawn_file_actions_init(&actions)
    unsafe posix_spawnattr_init(&attributes)
    defer {
      unsafe posix_spawn_file_actions_destroy(&actions)
      unsafe posix_spawnattr_destroy(&attributes)
    }
    for descriptor: Int32 in 0...2 {
      unsafe posix_spawn_file_actions_addopen(
        &actions, descriptor, "/dev/null", descriptor == 0 ? O_RDONLY : O_WRONLY, 0)
    }
    // A process group of its own keeps Ctrl-C here from ending the browser.
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    var words: [UnsafeMutablePointer<CChar>?] = unsafe []
    for word in ["xdg-open", url] { unsafe words.append(strdup(word)) }
    unsafe words.append(nil)
    defer { unsafe words.forEach { unsafe free($0) } }
    var process: pid_t = 0
    let code = unsafe posix_spawnp(&process, "xdg-open", &actions, &attributes, words, cunix_environment())
    guard code == 0 else { throw SystemError(code: code) }
  }
}
