/// The next thing to do after a failure: a sentence in which each step is typed.
///
/// The library knows no command line. A program shows a step as its users do it, as a command or as a button, by `text(showing:)`.
/// As a literal: `"an admin gives it another value: \(step: .rotate(.token, name))"`.
public struct Hint: Hashable, Sendable {
  fileprivate enum Part: Hashable, Sendable {
    case words(String)
    case step(NextStep)
  }

  fileprivate var parts: [Part] = []

  /// Words without a step.
  public init(_ words: String) { parts = [.words(words)] }

  /// A step without words.
  public init(_ step: NextStep) { parts = [.step(step)] }

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

  public static func + (one: Hint, other: Hint) -> Hint {
    var sum = one
    sum.parts += other.parts
    return sum
  }
}

extension Hint: CustomStringConvertible {
  /// The sentence, with each step named in quotes.
  public var description: String { text { "\"\($0)\"" } }
}

extension Hint: ExpressibleByStringInterpolation {
  public init(stringLiteral words: String) { self.init(words) }

  public init(stringInterpolation sentence: Sentence) { self = sentence.hint }

  /// A hint while its literal is read.
  public struct Sentence: StringInterpolationProtocol {
    fileprivate var hint = Hint("")

    public init(literalCapacity: Int, interpolationCount: Int) {}

    public mutating func appendLiteral(_ words: String) { if !words.isEmpty { hint.parts.append(.words(words)) } }

    public mutating func appendInterpolation(_ words: some StringProtocol) { appendLiteral(String(words)) }

    public mutating func appendInterpolation(_ number: some BinaryInteger) { appendLiteral(String(number)) }

    public mutating func appendInterpolation(_ inner: Hint) { hint.parts += inner.parts }

    public mutating func appendInterpolation(step: NextStep) { hint.parts.append(.step(step)) }
  }
}
