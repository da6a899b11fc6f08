package import CustodyLog
internal import CustodyValues

/// An item's name, with the details that contain it.
package enum ItemName: Sendable {
  case token(TokenDetails)
  case connector(ConnectorDetails)

  package init(_ kind: ItemKind, parsing metadata: [UInt8]) throws(EvidenceError) {
    switch kind {
    case .token: self = .token(try TokenDetails(parsing: metadata))
    case .connector: self = .connector(try ConnectorDetails(parsing: metadata))
    }
  }

  package var text: String {
    switch self {
    case .token(let details): details.name
    case .connector(let details): details.name
    }
  }

  package var token: TokenDetails? { if case .token(let details) = self { details } else { nil } }
  package var connector: ConnectorDetails? { if case .connector(let details) = self { details } else { nil } }
}
