import Testing

/// Files of a module that need one another in a circle can only be read together.
struct CircleTests {
  @Test func `no circle of a module has more than three files`() {
    for (module, files) in Dictionary(grouping: Rooms.all, by: { $0.path.split(separator: "/")[1] }) {
      for circle in FileGraph(files).circles where circle.count > 3 { Issue.record("\(module): \(circle.sorted())") }
    }
  }

  @Test func `a file needs the files of the types that it names, and not what a comment or a string names`() {
    let graph = FileGraph([
      House.File(path: "A.swift", text: "public struct Alpha { let text = \"\\(Beta.words) Gamma\" }  // Delta"),
      House.File(path: "B.swift", text: "@frozen package enum Beta {}\nextension Alpha { struct Inner {} }"),
      House.File(path: "C.swift", text: "final class Gamma {}\nprivate struct Delta { let inner: Inner }"),
    ])
    #expect(graph.needs == ["A.swift": ["B.swift"], "B.swift": ["A.swift"], "C.swift": []])
    #expect(graph.circles.map { $0.sorted() } == [["A.swift", "B.swift"], ["C.swift"]])
  }

  @Test func `two circles that share a file are one, and a way that leads nowhere back is none`() {
    let ways = ["a": "b", "b": "ad", "c": "b", "d": "be", "e": "f", "f": ""].mapValues { Set($0.map(String.init)) }
    #expect(FileGraph(needs: ways).circles.map { $0.sorted() } == [["a", "b", "d"], ["c"], ["e"], ["f"]])
  }
}

/// The files of one module, and for each those whose types it names.
struct FileGraph {
  let needs: [String: Set<String>]

  init(needs: [String: Set<String>]) { self.needs = needs }

  init(_ files: [House.File]) {
    var declared: [String: [String]] = [:]
    let texts = files.map { (path: $0.path, code: SwiftText($0.text).code) }
    for (path, code) in texts {
      for name in Self.types(in: code) { declared[name, default: []].append(path) }
    }
    var needs: [String: Set<String>] = [:]
    for (path, code) in texts {
      needs[path] = Set(Self.words(in: code).flatMap { declared[$0] ?? [] }).subtracting([path])
    }
    self.needs = needs
  }

  /// Those that stand at a line's beginning and can be named in another file.
  private static func types(in code: String) -> [String] {
    let keywords: Set = ["struct", "class", "enum", "actor", "protocol", "typealias"]
    return code.split(separator: "\n").compactMap { line in
      guard let first = line.first, first == "@" || first.isLetter else { return nil }
      let words = line.split { !($0.isLetter || $0.isNumber || $0 == "_") }
      guard let place = words.firstIndex(where: { keywords.contains(String($0)) }), place + 1 < words.count,
        !words[..<place].contains(where: { ["private", "fileprivate", "func", "let", "var", "extension"].contains($0) })
      else { return nil }
      return String(words[place + 1])
    }
  }

  private static func words(in code: String) -> Set<String> {
    let words = code.utf8.split { byte in
      !(byte == 0x5F || (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte))
    }
    return Set(words.filter { (65...90).contains($0.first ?? 0) }.map { String(decoding: Array($0), as: UTF8.self) })
  }

  /// Files each of which leads to every other of theirs, and those that lead to themselves by no other: Tarjan's strongly
  /// connected components, in the order of their names.
  var circles: [Set<String>] {
    var walk = Walk(needs: needs)
    for file in needs.keys.sorted() where walk.index[file] == nil { walk.visit(file) }
    return walk.found.sorted { ($0.min() ?? "") < ($1.min() ?? "") }
  }

  private struct Walk {
    let needs: [String: Set<String>]
    var index: [String: Int] = [:]
    var lowest: [String: Int] = [:]
    var open: [String] = []
    var found: [Set<String>] = []

    mutating func visit(_ file: String) {
      let own = index.count
      (index[file], lowest[file]) = (own, own)
      open.append(file)
      for other in needs[file] ?? [] {
        if index[other] == nil {
          visit(other)
          lowest[file] = min(lowest[file] ?? own, lowest[other] ?? own)
        } else if open.contains(other) {
          lowest[file] = min(lowest[file] ?? own, index[other] ?? own)
        }
      }
      guard lowest[file] == own, let begin = open.firstIndex(of: file) else { return }
      found.append(Set(open[begin...]))
      open.removeSubrange(begin...)
    }
  }
}
