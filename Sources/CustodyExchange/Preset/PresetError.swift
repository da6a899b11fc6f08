internal import CustodyJSON

/// The reason why a text is not a valid preset, and the place in it.
public struct PresetError: Error, Hashable, Sendable {
  /// The reason, as text in lower case.
  public let reason: String
  /// The line in the text, from 1; nil if the text is not at hand or the place is not known.
  public let line: Int?
  /// The column, from 1, if the text is not JSON at all.
  public let column: Int?
  /// The keys that lead to the faulty value.
  let path: [String]

  init(_ reason: String, at path: [String] = []) {
    (self.reason, self.path, line, column) = (reason, path, nil, nil)
  }

  /// The error with the line in `text` that the keys lead to.
  init(_ error: PresetError, in text: [UInt8]) {
    (reason, path, column) = (error.reason, error.path, nil)
    line = (try? JSONPlace(of: JSONPath(steps: error.path), in: text))?.line
  }

  init(_ error: JSONError, in text: [UInt8]) {
    let place = JSONPlace(offset: error.offset, in: text)
    (reason, path, line, column) = (error.reason.words, [], place.line, place.column)
  }

  /// The line, if it is known, and the reason.
  public var text: String {
    guard let line else { return reason }
    return "line \(line)\(column.map { ", column \($0)" } ?? ""): \(reason)"
  }
}
