public import CustodyLog
internal import CustodyValues

/// One value of one item, by its name: `contoso/crm-sync#access-token` on a command line,
/// `custody://contoso/crm-sync/access-token` in a template.
public struct Reference: Hashable, Sendable {
  public enum Field: String, CaseIterable, Sendable {
    case accessToken = "access-token"
    case refreshToken = "refresh-token"
    case connectorID = "connector-id"
    case connectorSecret = "connector-secret"
    case apiBase = "api-base"

    /// Fields that a connector has by itself, without a token.
    var isOfConnector: Bool { self == .connectorID || self == .connectorSecret }
  }

  /// A token, TENANT/CONNECTOR; or a connector.
  public let kind: ItemKind
  public let item: String
  public let field: Field

  /// From the parts of an item's name and a field's: none where they are no reference.
  public init?(item parts: [some Sequence<UInt8>], field: some Sequence<UInt8>) {
    let names = parts.map { Array($0) }
    guard 1...2 ~= names.count, names.allSatisfy({ Name.isValid($0) }),
      let field = Field(rawValue: String(decoding: Array(field), as: UTF8.self)),
      names.count == 2 || field.isOfConnector
    else { return nil }
    kind = names.count == 2 ? .token : .connector
    item = names.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "/")
    self.field = field
  }

  /// `ITEM#FIELD`
  public init(typed text: String) throws(VaultError) {
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

  /// What a hint lists.
  public static var fields: String { Field.allCases.map(\.rawValue).joined(separator: ", ") }

  public var text: String { "\(item)#\(field.rawValue)" }
}
