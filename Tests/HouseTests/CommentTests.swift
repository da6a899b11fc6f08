import Testing

/// Comments say what a thing is or does before they say anything else; `scripts/house` prints the same figures.
struct CommentTests {
  /// Words that begin a riddle: the reader has to solve it to learn the subject.
  private static let riddles: Set<Substring> = [
    "What", "Of", "Who", "Whether", "Whose", "Where", "Whatever", "Whoever",
  ]

  @Test(arguments: House.sources) func `a doc comment begins with its subject`(file: House.File) {
    for (number, first) in Comments.firstLines(file.text) {
      let word = first.prefix { $0.isLetter }
      #expect(!Self.riddles.contains(word), "\(file.path):\(number) \(first)")
    }
  }

  @Test(arguments: House.sources.filter { !$0.path.hasPrefix("Sources/CustodyTool/") })
  func `a public declaration of a library has a doc comment`(file: House.File) {
    for (number, line) in Comments.undocumented(file.text) { Issue.record("\(file.path):\(number) \(line)") }
  }

  @Test func `first lines and public declarations are found`() {
    let text = """
      public import Custody

      /// One.
      /// Of it more.
      public struct One {
        /// Two.
        @discardableResult
        public func two() {}
        package func three() {}
        nonisolated(nonsending) public func four() {}
        // public is a word here
      """
    #expect(Comments.firstLines(text).map(\.1) == ["One.", "Two."])
    #expect(Comments.undocumented(text).map(\.0) == [10])
  }
}

enum Comments {
  /// The first line of each doc comment, with its number in the file.
  static func firstLines(_ text: String) -> [(Int, Substring)] {
    let lines = trimmed(text)
    return lines.indices.compactMap { at in
      guard lines[at].hasPrefix("/// "), at == 0 || !lines[at - 1].hasPrefix("///") else { return nil }
      return (at + 1, lines[at].dropFirst(4))
    }
  }

  /// Public declarations without a doc comment before them and their attributes.
  static func undocumented(_ text: String) -> [(Int, Substring)] {
    let lines = trimmed(text)
    return lines.indices.compactMap { at in
      guard lines[at].prefixMatch(of: /(?:@\S+ |nonisolated\S* )*public (?!import)/) != nil else { return nil }
      var before = at - 1
      while before >= 0, lines[before].hasPrefix("@") { before -= 1 }
      return before >= 0 && lines[before].hasPrefix("///") ? nil : (at + 1, lines[at])
    }
  }

  private static func trimmed(_ text: String) -> [Substring] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { $0.drop { $0 == " " } }
  }
}
