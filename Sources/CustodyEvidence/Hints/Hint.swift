/// Advice after a failure: a sentence in which each step to take is typed.
///
/// The library knows no command line. A program shows steps in its users' terms, as commands or as buttons, by
/// `text(showing:)`. Write a hint as a literal: `"an admin gives it another value: \(step: .rotate(.token, name))"`.
public struct Hint: Hashable, Sendable {
  fileprivate enum Part: Hashable, Sendable {
    case words(String)
    case step(NextStep)
  }

  fileprivate var parts: [Part] = []

  /// Words without a step.
  public init(_ words: String) { parts = [.words(words)] }

  /// Words without a step.
  public init(_ step: NextStep) { parts = [.step(step)] }

  /// The steps in the sentence, in its order.
  public var steps: [NextStep] {
    parts.compactMap { part in if case .step(let step) = part { step } else { nil } }
  }

  /// The sentence, with each step as `show` renders it.
  public func text(showing show: (NextStep) -> String) -> String {
    parts.map { part in
      switch part {
      case .words(let words): words
      case .step(let step): show(step)
      }
    }.joined()
  }

  /// Joins two hints without a space between them.
  public static func + (one: Hint, other: Hint) -> Hint {
    var sum = one
    other.parts.forEach { sum.append($0) }
    return sum
  }
}

extension Hint: CustomStringConvertible {
  /// The sentence, with each step's English name in quotes.
  public var description: String { text { "\"\($0)\"" } }
}

extension Hint: ExpressibleByStringInterpolation {
  /// Creates a hint of words without a step.
  public init(stringLiteral words: String) { self.init(words) }

  /// Creates a hint from a literal with words, numbers, hints and steps.
  public init(stringInterpolation sentence: Sentence) { self = sentence.hint }

  /// The parts of a hint's literal, collected by the compiler's calls.
  public struct Sentence: StringInterpolationProtocol {
    fileprivate var hint = Hint("")

    /// Begins an empty sentence. The sizes are not used.
    public init(literalCapacity: Int, interpolationCount: Int) {}

    public mutating func appendLiteral(_ words: String) { if !words.isEmpty { hint.parts.append(.words(words)) } }

    /// Appends a text as words.
    public mutating func appendInterpolation(_ words: some StringProtocol) { appendLiteral(String(words)) }

    /// Appends a number in decimal.
    public mutating func appendInterpolation(_ number: some BinaryInteger) { appendLiteral(String(number)) }

    public mutating func appendInterpolation(_ inner: Hint) { hint.parts += inner.parts }

    public mutating func appendInterpolation(step: NextStep) { hint.parts.append(.step(step)) }
  }
}
