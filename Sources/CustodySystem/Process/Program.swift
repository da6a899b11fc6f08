internal import Glibc

/// A program that can be run, as far as that can be known without running it.
package struct Program: Sendable {
  package enum Absence: Error { case missing, notExecutable }

  package let path: String

  /// Finds a program by its path if `name` has a slash, else in the folders of PATH, as a shell does.
  package init(named name: String) throws(Absence) {
    guard !name.isEmpty else { throw .missing }
    guard !name.utf8.contains(UInt8(ascii: "/")) else {
      try self.init(path: name)
      return
    }
    var found = Absence.missing
    let folders = (Environment.value("PATH") ?? "/usr/local/bin:/usr/bin:/bin")
      .split(separator: ":", omittingEmptySubsequences: false)
    for folder in folders {
      do {
        try self.init(path: (folder.isEmpty ? "." : String(folder)) + "/" + name)
        return
      } catch {
        if error == .notExecutable { found = error }
      }
    }
    throw found
  }

  private init(path: String) throws(Absence) {
    var status = stat()
    guard unsafe path.withCString({ unsafe stat($0, &status) }) == 0 else {
      throw errno == ENOENT || errno == ENOTDIR ? .missing : .notExecutable
    }
    guard status.st_mode & S_IFMT == S_IFREG, unsafe path.withCString({ unsafe access($0, X_OK) }) == 0 else {
      throw .notExecutable
    }
    guard Self.hasInterpreter(path) else { throw .notExecutable }
    self.path = path
  }

  /// True unless the file is a script whose interpreter is missing. Its start would fail only when there is no way
  /// back.
  private static func hasInterpreter(_ path: String) -> Bool {
    guard let file = try? FileReader(path, followsLink: true), let head = try? file.read(at: 0, count: 256),
      head.starts(with: Array("#!".utf8))
    else { return true }
    let words = head.dropFirst(2).prefix { $0 != 0x0A }.split { $0 == 0x20 || $0 == 0x09 }
    guard let first = words.first else { return true }
    return unsafe String(decoding: first, as: UTF8.self).withCString { unsafe access($0, X_OK) } == 0
  }
}
