import Foundation

/// A piece of a page. A `String` put into it is escaped and an `HTML` is not, so text that someone typed can't become markup.
struct HTML: ExpressibleByStringInterpolation {
  let text: String

  init(stringLiteral value: String) { text = value }
  init(stringInterpolation: Interpolation) { text = stringInterpolation.text }

  struct Interpolation: StringInterpolationProtocol {
    fileprivate var text = ""

    init(literalCapacity: Int, interpolationCount: Int) {}
    mutating func appendLiteral(_ literal: String) { text += literal }
    mutating func appendInterpolation(_ piece: HTML) { text += piece.text }
    mutating func appendInterpolation(_ pieces: [HTML]) { text += pieces.map(\.text).joined(separator: "\n") }
    mutating func appendInterpolation(_ typed: String) {
      for scalar in typed.unicodeScalars {
        switch scalar {
        case "&": text += "&amp;"
        case "<": text += "&lt;"
        case ">": text += "&gt;"
        case "\"": text += "&quot;"
        case "'": text += "&#39;"
        default: text.unicodeScalars.append(scalar)
        }
      }
    }
  }
}

/// The fields of a posted form.
struct Form: Sendable {
  private let fields: [(name: String, value: String)]

  init(_ fields: [(name: String, value: String)]) { self.fields = fields }

  init(_ body: Data) {
    fields = String(decoding: body, as: UTF8.self).split(separator: "&").map { pair in
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(Self.decode)
      return (parts[0], parts.count == 2 ? parts[1] : "")
    }
  }

  var names: [String] { fields.map(\.name) }

  subscript(name: String) -> String { all(name).first ?? "" }
  func all(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }

  private static func decode(_ text: Substring) -> String {
    text.replacing("+", with: " ").removingPercentEncoding ?? ""
  }
}
