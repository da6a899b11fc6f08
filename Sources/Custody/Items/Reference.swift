package import CustodyLog
internal import CustodyValues

/// A reference to one value of one item, by name: `contoso/crm-sync#access-token` on a command line,
/// `custody://contoso/crm-sync/access-token` in a template.
package struct Reference: Hashable, Sendable {
  package enum Field: String, CaseIterable, Sendable {
    case accessToken = "access-token"
    case refreshToken = "refresh-token"
    case connectorID = "connector-id"
    case connectorSecret = "connector-secret"
    case apiBase = "api-base"

    /// True for fields that a connector has without a token.
    var isOfConnector: Bool { self == .connectorID || self == .connectorSecret }
  }

  /// Token for TENANT/CONNECTOR, else connector.
  package let kind: ItemKind
  package let item: String
  package let field: Field

  /// Makes a reference of the parts of an item's name and a field's name. Nil if they are none.
  package init?(item parts: [some Sequence<UInt8>], field: some Sequence<UInt8>) {
    let names = parts.map { Array($0) }
    guard 1...2 ~= names.count, names.allSatisfy({ Name.isValid($0) }),
      let field = Field(rawValue: String(decoding: Array(field), as: UTF8.self)),
      names.count == 2 || field.isOfConnector
    else { return nil }
    kind = names.count == 2 ? .token : .connector
    item = names.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "/")
    self.field = field
  }

  /// Parses `ITEM#FIELD`.
  package init(typed text: String) throws(VaultError) {
    let halves = text.utf8.split(separator: UInt8(ascii: "#"), omittingEmptySubsequences: false)
    if halves.count == 2 {
      let parts = halves[0].split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
      if let reference = Reference(item: parts, field: halves[1]) {
        self = reference
        return
      }
    }
    throw VaultError(
      .badName, "\"\(PrintableText.escape(text))\" is not a reference to a value",
      hint: "write TENANT/CONNECTOR#FIELD or CONNECTOR#FIELD, with a field of: \(Self.fields)")
  }

  /// The names of all fields, for hints.
  package static var fields: String { Field.allCases.map(\.rawValue).joined(separator: ", ") }

  package var text: String { "\(item)#\(field.rawValue)" }
}
