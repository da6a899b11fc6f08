import Foundation
import Glibc

/// The script commands that examine and move files.
extension ScriptRun {
  func fileCommand(_ name: String, _ words: [String], _ wish: Wish) throws -> Bool {
    switch (name, words.count) {
    case ("exists", 1...): try words.forEach { try exists($0, wish) }
    case ("mode", 2): try mode(words[0], words[1])
    case ("grep", 2): try match(words[0], [UInt8](try Data(contentsOf: url(words[1]))), words[1], wish)
    case ("cp", 2): try copy(words[0], words[1])
    case ("rm", 1...): try words.forEach { try FileManager.default.removeItem(at: url($0)) }
    case ("mkdir", 1...):
      try words.forEach { try FileManager.default.createDirectory(at: url($0), withIntermediateDirectories: true) }
    case ("chmod", 2): try change(words[0], words[1])
    case ("cd", 1): folder = path(words[0])
    default: return false
    }
    return true
  }

  private func url(_ name: String) -> URL { URL(fileURLWithPath: path(name)) }

  private func exists(_ name: String, _ wish: Wish) throws {
    var status = stat()
    let found = lstat(path(name), &status) == 0
    if case .success = wish {
      guard found else { throw Child.Failed(reason: "\(name) does not exist") }
    } else if found {
      throw Child.Failed(reason: "\(name) exists")
    }
  }

  /// Checks a file's mode: `mode 0600 FILE`.
  private func mode(_ wanted: String, _ name: String) throws {
    var status = stat()
    guard lstat(path(name), &status) == 0 else { throw Child.Failed(reason: "\(name) does not exist") }
    let mode = String(status.st_mode & 0o7777, radix: 8)
    guard UInt32(wanted, radix: 8) == status.st_mode & 0o7777 else {
      throw Child.Failed(reason: "\(name) has mode 0\(mode)")
    }
  }

  private func change(_ mode: String, _ name: String) throws {
    guard let bits = UInt32(mode, radix: 8), chmod(path(name), bits) == 0 else {
      throw Child.Failed(reason: "cannot change the mode of \(name)")
    }
  }

  /// Copies a file, captured output, or a folder with its contents.
  private func copy(_ from: String, _ to: String) throws {
    switch from {
    case "stdout": try Data(output).write(to: url(to))
    case "stderr": try Data(errors).write(to: url(to))
    default:
      try? FileManager.default.removeItem(at: url(to))
      try FileManager.default.copyItem(at: url(from), to: url(to))
    }
  }
}
