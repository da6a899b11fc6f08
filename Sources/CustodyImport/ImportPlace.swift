internal import Custody
internal import CustodyJSON
internal import CustodyValues

/// A place in an import file, for the person who has to correct it.
public enum ImportPlace: Hashable, Sendable {
  /// A row of a table, counted as spreadsheets do: the header is row 1.
  case row(Int)
  /// A line of a text, from 1.
  case line(Int)
  /// A path in JSON, such as `tokens[3]`.
  case path(String)

  /// The place in words: `row 7`, `line 3`, or the path.
  public var text: String {
    switch self {
    case .row(let number): "row \(number)"
    case .line(let number): "line \(number)"
    case .path(let path): path
    }
  }
}
