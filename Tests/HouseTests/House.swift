import Foundation
import Testing

/// The checkout, as files.
enum House {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  struct File: CustomTestStringConvertible, Sendable {
    /// From the root of the checkout.
    let path: String
    let text: String
    var name: String { String(path.split(separator: "/").last ?? "") }
    var testDescription: String { path }
  }

  static func has(_ path: String) -> Bool { FileManager.default.fileExists(atPath: root.path + "/" + path) }

  static func read(_ path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  /// Every file under the folder with one of the endings, sorted.
  static func files(in folder: String, ending endings: String...) -> [File] {
    let found = FileManager.default.enumerator(atPath: root.path + "/" + folder)?.compactMap { $0 as? String } ?? []
    return found.sorted().filter { name in endings.contains { name.hasSuffix($0) } }.compactMap { name in
      (try? read(folder + "/" + name)).map { File(path: folder + "/" + name, text: $0) }
    }
  }

  static var sources: [File] { files(in: "Sources", ending: ".swift") + files(in: "Migrations", ending: ".swift") }
  static var swift: [File] { sources + files(in: "Tests", ending: ".swift") }
}
