internal import CustodyJSON

/// Why text is no preset, and where.
public struct PresetError: Error, Hashable, Sendable {
  public let reason: String
  /// Where the text is at hand: its line, from 1, and for what is no JSON at all its column.
  public let line: Int?
  public let column: Int?
  /// The keys on the way to what is wrong.
  let path: [String]

  init(_ reason: String, at path: [String] = []) {
    (self.reason, self.path, line, column) = (reason, path, nil, nil)
  }

  /// With the line in `text` that the keys lead to.
  init(_ error: PresetError, in text: [UInt8]) {
    (reason, path, column) = (error.reason, error.path, nil)
    line = (try? JSONPlace(of: JSONPath(steps: error.path), in: text))?.line
  }

  init(_ error: JSONError, in text: [UInt8]) {
    let place = JSONPlace(offset: error.offset, in: text)
    (reason, path, line, column) = (error.reason.words, [], place.line, place.column)
  }

  /// Line and reason.
  public var text: String {
    guard let line else { return reason }
    return "line \(line)\(column.map { ", column \($0)" } ?? ""): \(reason)"
  }
}
