import CustodyTesting
import Foundation
import Migrations
import Testing

struct MigrationTests {
  private static var files: [House.File] { House.files(in: "Migrations/SQLite", ending: ".sql") }

  @Test func `the list holds every file of the folder, in order and byte for byte`() {
    #expect(!Self.files.isEmpty)
    #expect(Self.files.map(\.name) == Migrations.sqlite.map { "sqlite-\($0.name).sql" })
    #expect(Self.files.map { [UInt8]($0.text.utf8) } == Migrations.sqlite.map(\.sql))
  }

  @Test func `steps are numbered from 0001 without a gap`() {
    for (index, file) in Self.files.enumerated() {
      #expect(file.name.hasPrefix("sqlite-" + String(format: "%04d", index + 1) + "-"))
    }
  }

  /// Path to SHA-256, as `make pin-migrations` wrote them.
  private static func pins() throws -> [String: String] {
    let lines = try House.read("Tests/HouseTests/migrations.sha256").split(separator: "\n").map {
      $0.split(separator: " ")
    }
    #expect(lines.allSatisfy { $0.count == 2 && $0[0].count == 64 })
    return Dictionary(lines.map { (String($0[1]), String($0[0])) }) { first, _ in first }
  }

  @Test func `a landed step is never edited`() throws {
    for (path, pin) in try Self.pins() {
      let (status, output) = try Products.run("/usr/bin/sha256sum", [House.root.path + "/" + path])
      #expect(status == 0 && output.prefix(64) == pin, "\(path) is not what it was when it landed")
    }
  }

  /// `## 0.1.0, 2026-12-24` is a release; `## 0.1.0, not released` is none yet.
  static func releases(_ changelog: String) -> Int {
    changelog.split(separator: "\n").count { $0.hasPrefix("## ") && !$0.hasSuffix(", not released") }
  }

  @Test func `before the first release there is one step, which may change; from then on it has landed`() throws {
    let pins = try Self.pins()
    let landed = Self.releases(try House.read("CHANGELOG.md")) > 0
    #expect(landed || Self.files.count == 1, "no vault of a release is there to be migrated: change 0001")
    #expect(!landed || pins[Self.files[0].path] != nil, "\(Self.files[0].path): run make pin-migrations")
  }

  @Test func `every step but the newest has landed`() throws {
    let pins = try Self.pins()
    for file in Self.files.dropLast() { #expect(pins[file.path] != nil, "\(file.path): run make pin-migrations") }
    for path in pins.keys { #expect(House.has(path), "\(path) has landed, and is gone") }
  }

  @Test func `a release is told from what is none yet`() {
    #expect(Self.releases("# Changelog\n\n## 0.1.0, not released\n\n- one\n") == 0)
    #expect(Self.releases("## 0.2.0, not released\n- two\n\n## 0.1.0, 2026-12-24\n- one\n") == 1)
  }
}
