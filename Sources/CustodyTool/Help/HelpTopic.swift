import Custody

/// A page of `custody help` about a subject instead of a command. The manual page of `custody` includes them.
enum HelpTopic: String, CaseIterable {
  case exitCodes = "exit-codes"
  case environment, formats, security

  /// A paragraph, or a term with its meaning.
  struct Piece {
    let term: String?
    let text: String

    init(_ text: String) { (term, self.text) = (nil, text) }
    init(_ term: String, _ text: String) { (self.term, self.text) = (term, text) }
  }

  var pieces: [Piece] {
    switch self {
    case .exitCodes: ExitMeaning.all.map { Piece("\($0.status)", $0.words) }
    case .environment: EnvironmentVariable.all.map { Piece($0.name, $0.meaning) }
    case .formats: Self.piecesOnFormats
    case .security: Self.piecesOnSecurity
    }
  }

  func print() throws {
    // One status per line: scripts read this.
    guard self != .exitCodes else { return try pieces.forEach { try Console.print("\($0.term ?? "")\t\($0.text)") } }
    let width = Wrapped.width
    for (number, piece) in pieces.enumerated() {
      if let term = piece.term {
        try Console.print(term)
        for line in Wrapped.lines(piece.text, width: width - 4) { try Console.print("    \(line)") }
      } else {
        if number > 0 { try Console.print("") }
        for line in Wrapped.lines(piece.text, width: width) { try Console.print(line) }
        try Console.print("")
      }
    }
  }
}
