import Testing

struct LayerTests {
  /// The modules of ours and of others that each module may import. All may import Glibc and the language's own.
  static let floors: [String: Set<String>] = [
    "CustodyValues": ["CUnix"],
    "CustodySecrets": ["CSodium", "CUnix", "CustodyValues"],
    "CustodySystem": ["CUnix", "CZlib", "CustodyValues", "CustodySecrets"],
    "CustodyJSON": ["CustodyValues", "CustodySecrets", "CustodySystem"],
    "CustodyCrypto": ["CSodium", "CustodyValues", "CustodySecrets", "CustodySystem"],
    "CustodyLog": ["CustodyValues", "CustodySystem", "CustodyCrypto"],
    "CustodyStore": ["CSQLite", "CPostgres", "Migrations", "CustodyValues", "CustodySystem"],
    "CustodyEvidence": ["CustodyValues", "CustodySystem", "CustodyJSON", "CustodyCrypto", "CustodyLog"],
    "Custody": [
      "CustodyValues", "CustodySecrets", "CustodySystem", "CustodyJSON", "CustodyCrypto", "CustodyLog", "CustodyStore",
      "CustodyEvidence",
    ],
    "CustodyImport": [
      "Custody", "CustodyEvidence", "CustodyValues", "CustodySecrets", "CustodySystem", "CustodyJSON", "CustodyLog",
    ],
    "CustodyExchange": [
      "Custody", "CustodyEvidence", "CustodyLog", "CustodyValues", "CustodySecrets", "CustodySystem", "CustodyJSON",
      "CCurl", "CZlib", "Crypto", "CryptoExtras",
    ],
    "CustodyAgent": [
      "Custody", "CustodyLog", "CustodyValues", "CustodySecrets", "CustodySystem", "CustodyCrypto", "CUnix",
    ],
    "CustodyTool": [
      "Custody", "CustodyEvidence", "CustodyImport", "CustodyExchange", "CustodyAgent", "CustodyLog", "CustodyJSON",
      "CustodyValues",
      "CustodySecrets", "CustodySystem", "ArgumentParser",
    ],
    "KaizalaSandbox": ["CustodyCrypto", "Foundation"],
  ]
  static let common: Set<String> = ["Glibc", "Dispatch", "Synchronization"]

  /// Returns true for files that may handle memory by hand: four modules, and the callers of the C libraries.
  static func mayBeUnsafe(_ path: String) -> Bool {
    path.hasPrefix("Sources/CustodyValues/") || path.hasPrefix("Sources/CustodySecrets/")
      || path.hasPrefix("Sources/CustodySystem/") || path.hasPrefix("Sources/CustodyCrypto/")
      || path.hasPrefix("Sources/CustodyStore/SQLite") || path.hasPrefix("Sources/CustodyStore/Postgre")
      || path.hasPrefix("Sources/CustodyExchange/HTTP/Curl") || path.hasPrefix("Sources/CustodyAgent/Socket")
  }

  static func imports(_ text: String) -> [String] {
    SwiftText(text).code.split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ")
      guard let position = words.firstIndex(of: "import"), words[..<position].allSatisfy(isModifier) else { return nil }
      let kinds: Set<Substring> = ["struct", "class", "enum", "func", "var", "let", "protocol", "typealias"]
      let name = words[(position + 1)...].first { !kinds.contains($0) }
      return name.map { String($0.prefix { $0 != "." }) }
    }
  }

  private static func isModifier(_ word: Substring) -> Bool {
    word.hasPrefix("@") || ["public", "package", "internal", "fileprivate", "private"].contains(word)
  }

  @Test(arguments: House.files(in: "Sources", ending: ".swift"))
  func `a module imports only from the floors below it`(file: House.File) throws {
    let module = String(file.path.split(separator: "/")[1])
    let allowed = try #require(Self.floors[module], "\(module) is not in the table").union(Self.common)
    for name in Self.imports(file.text) { #expect(allowed.contains(name), "\(file.path) imports \(name)") }
  }

  @Test func `the migrations import nothing`() {
    for file in House.files(in: "Migrations", ending: ".swift") { #expect(Self.imports(file.text) == []) }
  }

  @Test func `Foundation stays out of the library and the tool`() {
    for file in House.sources where !file.path.hasPrefix("Sources/KaizalaSandbox/") {
      #expect(!Self.imports(file.text).contains { $0.hasPrefix("Foundation") }, "\(file.path)")
    }
  }

  @Test(arguments: House.files(in: "Sources", ending: ".swift"))
  func `unsafe stays where memory is handled by hand`(file: House.File) {
    let words = SwiftText(file.text).code.split { !($0.isLetter || $0.isNumber || $0 == "_") }
    #expect(!words.contains("unsafe") || Self.mayBeUnsafe(file.path), "\(file.path)")
  }

  @Test func `import lines are read with all that can stand before and behind them`() {
    let text = """
      internal import CSodium
      @preconcurrency import Glibc
      public import struct Custody.Vault
      // import Foundation
      let text = "import Foundation"
      let `import` = 1
      """
    #expect(Self.imports(text) == ["CSodium", "Glibc", "Custody"])
  }
}
