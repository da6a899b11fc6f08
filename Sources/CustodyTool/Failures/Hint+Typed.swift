import CustodyEvidence

extension Hint {
  /// The sentence, with each step as a quoted command.
  var typed: String { text { $0.quoted } }

  /// The sentence without quotes, for steps that stand last or alone.
  var bare: String { text { $0.command } }
}
