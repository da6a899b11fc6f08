internal import CustodyLog
internal import CustodyValues

/// What an item is called, with the details that say so.
enum ItemName: Sendable {
  case token(TokenDetails)
  case connector(ConnectorDetails)

  init(_ kind: ItemKind, _ metadata: [UInt8]) throws {
    switch kind {
    case .token: self = .token(try TokenDetails(metadata: metadata))
    case .connector: self = .connector(try ConnectorDetails(metadata: metadata))
    }
  }

  var text: String {
    switch self {
    case .token(let details): details.name
    case .connector(let details): details.name
    }
  }

  var token: TokenDetails? { if case .token(let details) = self { details } else { nil } }
  var connector: ConnectorDetails? { if case .connector(let details) = self { details } else { nil } }
}
