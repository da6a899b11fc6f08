internal import Custody
internal import CustodyJSON
internal import CustodyValues

/// Where in its file something stands, for the person who has to mend it.
public enum ImportPlace: Hashable, Sendable {
  /// As a spreadsheet counts: the header is row 1.
  case row(Int)
  case line(Int)
  /// In JSON: `tokens[3]`.
  case path(String)

  public var text: String {
    switch self {
    case .row(let number): "row \(number)"
    case .line(let number): "line \(number)"
    case .path(let path): path
    }
  }
}
