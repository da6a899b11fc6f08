package import CustodyEvidence
internal import CustodyLog

extension VaultError {
  package init(_ error: EvidenceError) {
    let code: Code =
      switch error.verdict {
      case .broken: .integrity
      case .unreadable: .badInput
      case .missing: .notFound
      case .alreadyExists: .alreadyExists
      case .diskFull: .diskFull
      case .outOfMemory: .outOfMemory
      case .failed: .failed
      }
    self.init(code, error.reason, subject: error.subject, hint: error.hint)
    fault = error.fault
    underlying = error
  }

  /// Runs `body`, which parses an item's own text, and translates its errors.
  static func reading<R>(_ body: () throws(EvidenceError) -> R) throws(VaultError) -> R {
    do { return try body() } catch { throw VaultError(error) }
  }
}

extension TokenDetails {
  init(metadata: [UInt8]) throws(VaultError) {
    self = try VaultError.reading { () throws(EvidenceError) in try TokenDetails(parsing: metadata) }
  }
}

extension ConnectorDetails {
  init(metadata: [UInt8]) throws(VaultError) {
    self = try VaultError.reading { () throws(EvidenceError) in try ConnectorDetails(parsing: metadata) }
  }
}

extension ItemName {
  init(_ kind: ItemKind, _ metadata: [UInt8]) throws(VaultError) {
    self = try VaultError.reading { () throws(EvidenceError) in try ItemName(kind, parsing: metadata) }
  }
}

extension Destination {
  init(text: [UInt8]) throws(VaultError) {
    self = try VaultError.reading { () throws(EvidenceError) in try Destination(parsing: text) }
  }
}
