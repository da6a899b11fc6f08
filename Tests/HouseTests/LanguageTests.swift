import Testing

/// The library says what there is to do in typed steps; which command that is, only the tool knows.
struct LanguageTests {
  private static var command: Regex<Substring> {
    /\bcustody (?:_ [a-z]|(?:agent|connector|doctor|exec|exposure|help|identity|import|init|inject|join|lock|log|member|provider|repair|status|token|unlock|verify)\b)/
  }
  private static var option: Regex<Substring> { /(?:^|[^-\w])--[a-z]/ }

  /// Other programs' commands; the words by which the agent is started; and texts of a bundle, for people without a vault.
  private static let exceptions: Set = [
    "Sources/CustodyImport/OnePasswordImport.swift", "Sources/CustodyImport/FlatImport+KeyValue.swift",
    "Sources/CustodyExchange/Exchange/ConnectorDetails+Secret.swift", "Sources/CustodyAgent/Socket/SocketSpawn.swift",
    "Sources/CustodyEvidence/Bundle/BundleTexts.swift",
  ]

  private static let files = Rooms.all.filter { file in
    !["Sources/CustodyTool/", "Sources/KaizalaSandbox/"].contains { file.path.hasPrefix($0) }
  }

  private static func speaks(_ file: House.File) -> [Substring] {
    SwiftText(file.text).strings.filter { $0.contains(command) || $0.contains(option) }
  }

  @Test func `no string of the library names a command or an option of the tool`() {
    for file in Self.files where !Self.exceptions.contains(file.path) {
      #expect(Self.speaks(file).isEmpty, "\(file.path)")
    }
  }

  @Test(arguments: exceptions) func `an exception is one`(path: String) throws {
    let file = try #require(Self.files.first { $0.path == path })
    #expect(!Self.speaks(file).isEmpty)
  }

  @Test func `commands and options are found in strings, and nowhere else`() {
    let text = #"""
      // "custody token list" --vault
      let one = "run \"custody \(kind.rawValue) rotate \(name)\""
      let two = "list them: custody member list"
      let three = "leave out --reason", four = "--map \"x\""
      let five = "as custody wrote it", six = "a -- b", seven = "custody \(version)//EN"
      """#
    let strings = SwiftText(text).strings
    #expect(strings.filter { $0.contains(Self.command) }.count == 2)
    #expect(strings.filter { $0.contains(Self.option) } == ["leave out --reason", "--map x"])
  }
}
