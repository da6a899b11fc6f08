public import Custody

/// A mapping from another tool's names to Custody's fields: `--map`.
public struct ImportMap: Sendable {
  /// Targets by column, label or key: a field, `ITEM#FIELD`, or `-` for one that is left out.
  private(set) var targets: [String: String] = [:]

  /// Creates an empty map.
  public init() {}

  /// Parses `FROM=TO` texts. A `TO` of `-` leaves the name out.
  ///
  /// - Throws: `VaultError` with the code `usage` for a text without both sides, or a name that is mapped twice.
  public init(typed texts: [String]) throws(VaultError) {
    for text in texts {
      // Split at the last sign: a column's name may contain one, a field's does not.
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

  /// A map of standard names, which a caller's map overrides.
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
