public import Custody

/// How the names in a file that others made are to be taken: `--map`.
public struct ImportMap: Sendable {
  /// From a column, a label or a key to one of our fields or to `ITEM#FIELD`; to nothing where it is to be left out.
  private(set) var targets: [String: String] = [:]

  public init() {}

  /// `FROM=TO`; TO is `-` for what is to be left out.
  public init(typed texts: [String]) throws(VaultError) {
    for text in texts {
      // The last sign: a column may have one in its name, a field has none.
      guard let sign = text.lastIndex(of: "="), sign > text.startIndex, text.index(after: sign) < text.endIndex else {
        throw VaultError(
          .usage, "the mapping \"\(text)\" does not say from what to what",
          hint: "as in \(step: .give(.mapping("Password", to: "secret")))")
      }
      let from = String(text[..<sign])
      guard targets.updateValue(String(text[text.index(after: sign)...]), forKey: from) == nil else {
        throw VaultError(.usage, "the mapping gives \"\(from)\" two meanings", hint: "name it once")
      }
    }
  }

  /// Names that stand for a field where nothing else is said.
  init(_ targets: [String: ImportField]) { self.targets = targets.mapValues(\.rawValue) }

  func merging(_ other: ImportMap) -> ImportMap {
    var merged = self
    merged.targets.merge(other.targets) { $1 }
    return merged
  }

  enum Target { case field(ImportField), leftOut, unknown }

  func field(_ name: String) throws(VaultError) -> Target {
    guard let target = targets[name] else { return .unknown }
    if target == "-" { return .leftOut }
    guard let field = ImportField(rawValue: target) else {
      throw VaultError(
        .usage, "the mapping gives \"\(name)\" a field that there is not: \"\(target)\"",
        hint: "the fields are \(ImportField.names); - leaves it out")
    }
    return .field(field)
  }
}
