import CustodyTesting
import Testing

/// `custody help environment` says what the code reads.
struct EnvironmentTests {
  /// Read by what we stand on: the argument parser, and libcurl.
  static let ofOthers: Set<Substring> = ["COLUMNS", "SHELL", "https_proxy", "all_proxy", "no_proxy"]

  static var sources: [House.File] {
    House.files(in: "Sources", ending: ".swift", ".c", ".h").filter { !$0.path.hasPrefix("Sources/KaizalaSandbox/") }
  }

  static func read() -> Set<Substring> {
    Set(
      sources.flatMap { file in
        file.text.matches(of: /(?:Environment\.value|\bfolder|getenv)\(\s*"(\w+)"/).map(\.output.1)
      })
  }

  @Test func `the help lists every variable that is read, and no other`() throws {
    let (status, help) = try Products.run(Products.folder + "/custody", ["help", "environment"])
    let listed = help.matches(of: #/(?:^|\n)(\w+)\n[ ]{4}/#).map(\.output.1)
    #expect(status == 0 && Set(listed).count == listed.count)
    #expect(Set(listed) == Self.read().union(Self.ofOthers))
  }

  /// A name that is put together escapes the list: there is one such place, where the XDG folders are read.
  @Test func `variables are read by their names`() {
    let reads = Self.sources.flatMap { $0.text.matches(of: /Environment\.value\(\s*(.)/).map(\.output.1) }
    #expect(reads.filter { $0 != "\"" } == ["v"])
    #expect(Self.sources.flatMap { $0.text.matches(of: /\bgetenv\(/) }.count == 1)
  }
}
