import Foundation
import Testing

/// Folders and files: few enough to look through, each named for what is in it.
struct RoomTests {
  @Test func `a folder of sources has at most 20 files`() {
    let folders = Dictionary(grouping: Rooms.all) { $0.path.split(separator: "/").dropLast().joined(separator: "/") }
    for (folder, files) in folders { #expect(files.count <= 20, "\(folder) has \(files.count)") }
  }

  @Test(arguments: Rooms.all) func `a file is named for what it declares, or for the type that it extends`(
    file: House.File
  ) {
    let name = file.name.split(separator: "+")[0].split(separator: ".")[0]
    #expect(Rooms.named(by: file.text).contains(String(name)), "\(file.path)")
  }

  @Test func `a type has one name, and a name one type`() {
    var places: [String: [String]] = [:]
    let pattern =
      /(?:^|\n)(?:@\S+\s+)*(?:(?:public|package|final|indirect)\s+)*(?:struct|class|enum|actor|protocol|typealias)\s+(\w+)/
    for file in Rooms.all {
      for match in SwiftText(file.text).code.matches(of: pattern) {
        places[String(match.output.1), default: []].append(file.path)
      }
    }
    for (name, files) in places { #expect(files.count == 1, "\(name): \(files)") }
  }

  @Test func `declarations are found behind attributes, in brackets and as a protocol that types are made to follow`() {
    let text = """
      public import Custody
      @frozen public struct One {}
      extension [Two] {}
      extension Three.Four: @retroactive Five {}
      """
    #expect(Rooms.named(by: text) == ["One", "Two", "Three", "Four", "Five"])
  }

  @Test func `a target declares what it imports, and nothing else of ours`() throws {
    let manifest = try House.read("Package.swift")
    for module in LayerTests.floors.keys {
      let imported = Set(House.files(in: "Sources/\(module)", ending: ".swift").flatMap { LayerTests.imports($0.text) })
      let ours = imported.filter {
        LayerTests.floors[$0] != nil || $0.hasPrefix("C") && $0 != "Crypto" && $0 != "CryptoExtras"
      }
      let declared = try #require(Rooms.dependencies(of: module, in: manifest), "\(module)")
      #expect(declared.filter { $0 != "Migrations" } == ours, "\(module)")
    }
  }
}

enum Rooms {
  static let all = House.files(in: "Sources", ending: ".swift")

  /// Types that a text declares, at any depth, and those that it extends, or makes others follow.
  static func named(by text: String) -> Set<String> {
    let code = SwiftText(text).code
    var names: Set<String> = []
    for match in code.matches(of: /\b(?:struct|class|enum|actor|protocol|typealias|func)\s+(\w+)/) {
      names.insert(String(match.output.1))
    }
    for match in code.matches(of: /\bextension\s+([\[\w.\]]+)(?::([^{]*))?/) {
      let followed = match.output.2.map { $0.split(separator: ",").map { $0.split(separator: " ").last ?? "" } } ?? []
      for word in [match.output.1] + followed {
        names.formUnion(word.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init))
      }
    }
    return names
  }

  /// By name, products of other packages left out.
  static func dependencies(of target: String, in manifest: String) -> Set<String>? {
    let text = manifest.split { $0.isWhitespace }.joined(separator: " ")
    guard let begin = text.firstRange(of: "name: \"\(target)\", dependencies: [") else { return nil }
    var (depth, list) = (1, "")
    for letter in text[begin.upperBound...] {
      depth += letter == "[" ? 1 : letter == "]" ? -1 : 0
      if depth == 0 { break }
      list.append(letter)
    }
    let own = list.replacing(/(?:name|package): "[^"]*"|traits: \["[^"]*"\]/, with: "")
    return Set(own.matches(of: /"(\w+)"/).map { String($0.output.1) })
  }
}
