import CustodyEvidence

extension Hint {
  /// The sentence, with each step as it is typed.
  var typed: String { text { $0.quoted } }

  /// The same without quotes, where a step stands last or alone.
  var bare: String { text { $0.command } }
}
