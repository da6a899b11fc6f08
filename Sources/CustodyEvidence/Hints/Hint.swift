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

  /// A sentence without a step.
  public init(_ words: String) { append(.words(words)) }

  /// A step and nothing else.
  public init(_ step: NextStep) { append(.step(step)) }

  /// Words that follow on words are one part, so that two hints of the same text are equal.
  fileprivate mutating func append(_ part: Part) {
    guard case .words(let new) = part else { return parts.append(part) }
    guard !new.isEmpty else { return }
    guard case .words(let old)? = parts.last else { return parts.append(part) }
    parts[parts.count - 1] = .words(old + new)
  }

  /// The steps that the sentence names, in its order.
  public var steps: [NextStep] {
    parts.compactMap { part in if case .step(let step) = part { step } else { nil } }
  }

  /// The sentence, with each step as `show` has it.
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
  /// The sentence, with each step named in quotes.
  public var description: String { text { "\"\($0)\"" } }
}

extension Hint: ExpressibleByStringInterpolation {
  /// A sentence without a step.
  public init(stringLiteral words: String) { self.init(words) }

  /// The sentence that a literal was read as.
  public init(stringInterpolation sentence: Sentence) { self = sentence.hint }

  /// A hint while its literal is read.
  public struct Sentence: StringInterpolationProtocol {
    fileprivate var hint = Hint("")

    /// An empty hint. The sizes are not used.
    public init(literalCapacity: Int, interpolationCount: Int) {}

    /// Appends words as they are.
    public mutating func appendLiteral(_ words: String) { hint.append(.words(words)) }

    /// Appends words as they are.
    public mutating func appendInterpolation(_ words: some StringProtocol) { appendLiteral(String(words)) }

    /// Appends a number in decimal.
    public mutating func appendInterpolation(_ number: some BinaryInteger) { appendLiteral(String(number)) }

    /// Appends another hint, its steps included.
    public mutating func appendInterpolation(_ inner: Hint) { hint = hint + inner }

    /// Appends a step, which whoever shows the hint puts into words.
    public mutating func appendInterpolation(step: NextStep) { hint.append(.step(step)) }
  }
}
