import Foundation

/// Lines to the person who started the sandbox. File handles do not buffer, so a script can read a line as soon as it
/// is written.
enum SandboxConsole {
  static func write(_ text: String, to handle: FileHandle) { try? handle.write(contentsOf: Data(text.utf8)) }

  static func say(_ line: String) { write("kaizala-sandbox: \(line)\n", to: .standardError) }

  static func fail(_ message: String, hint: String, status: Int32) -> Never {
    write("kaizala-sandbox: \(message)\nhint: \(hint)\n", to: .standardError)
    exit(status)
  }
}
