import Foundation

/// A test session in a file (txtar): lines to run, then the files that they find, each after a `-- name --` line.
struct Script {
  struct Line: Sendable {
    let number: Int
    let text: String
  }

  let name: String
  let path: String
  let lines: [Line]
  let files: [(name: String, content: String)]

  init(name: String, path: String, text: String) {
    (self.name, self.path) = (name, path)
    var (lines, files) = ([Line](), [(name: String, content: String)]())
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      if let file = Self.fileName(line) {
        files.append((file, ""))
      } else if files.isEmpty {
        lines.append(Line(number: index + 1, text: line.trimmingCharacters(in: .whitespaces)))
      } else {
        files[files.count - 1].content += line + "\n"
      }
    }
    // The text's last newline adds a line.
    if let last = files.indices.last, text.hasSuffix("\n") { files[last].content.removeLast() }
    (self.lines, self.files) = (lines.filter { !$0.text.isEmpty && !$0.text.hasPrefix("#") }, files)
  }

  private static func fileName(_ line: Substring) -> String? {
    guard line.hasPrefix("-- "), line.hasSuffix(" --"), line.count > 6 else { return nil }
    return line.dropFirst(3).dropLast(3).trimmingCharacters(in: .whitespaces)
  }

  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Scripts")

  /// The scripts to run: all, or the one that CUSTODY_SCRIPT names.
  static var chosen: [String] {
    guard let name = ProcessInfo.processInfo.environment["CUSTODY_SCRIPT"] else { return names }
    return [name]
  }

  static var names: [String] {
    let found = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
    return (found ?? []).filter { $0.hasSuffix(".txt") }.sorted()
  }

  static func named(_ name: String) throws -> Script {
    let url = folder.appendingPathComponent(name)
    return Script(name: name, path: url.path, text: try String(contentsOf: url, encoding: .utf8))
  }
}

/// The failure of a script: the line, the reason, and the output before it.
struct ScriptFailure: Error, CustomStringConvertible {
  let script: String
  let line: Script.Line
  let reason: String
  let transcript: String

  var description: String { "\(script):\(line.number): \(line.text)\n\(reason)\n--- transcript\n\(transcript)" }
}
