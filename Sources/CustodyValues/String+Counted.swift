extension String {
  /// So many of what this noun names: "1 entry", "2 entries".
  package func counted(_ number: some BinaryInteger) -> String {
    guard number != 1 else { return "1 \(self)" }
    return "\(number) \(hasSuffix("y") ? dropLast() + "ies" : self + "s")"
  }
}
