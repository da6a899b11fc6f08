import Foundation

/// The fields of a posted form or of a query.
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
