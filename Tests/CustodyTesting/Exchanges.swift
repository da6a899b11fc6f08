import Custody
import CustodyValues

/// Rules of an exchange without a provider: no kept access token is used, and nothing forbids a request.
package struct LenientRules: ExchangeRules {
  package let asksAgain = false

  package init() {}

  package func accepts(_ kept: KeptAccessToken.Facts, of subject: ExchangeSubject) -> Bool { false }
  package func check(_ before: ExchangeJournal?, of subject: ExchangeSubject) {}
}

extension Session {
  /// Claims a token for an exchange, as a process does that asks the provider.
  package func claim(_ name: String) throws -> ExchangeClaim { try claim(name, ExchangeTerms(how: .pipe)) }

  /// Claims a token whose holder is taken for dead, as a process does that has waited long enough.
  package func takeOver(_ name: String) throws -> ExchangeClaim {
    var terms = ExchangeTerms(how: .pipe)
    terms.stalled = try exchangeHold(of: token(name).item.id)
    return try claim(name, terms)
  }

  private func claim(_ name: String, _ terms: ExchangeTerms) throws -> ExchangeClaim {
    switch try beginExchange(name, terms, LenientRules()) {
    case .claimed(let claim, _): return claim
    case .held: throw VaultError(.conflict, "\(name) is held")
    case .kept: throw VaultError(.conflict, "\(name) has an access token")
    }
  }
}

extension NewValue {
  /// A new value by an admin who does not hold the item.
  public static func takingOver() -> NewValue {
    var value = NewValue()
    value.takesOver = true
    return value
  }

  /// A new value that ends at `time`.
  public static func ending(_ time: Timestamp) -> NewValue {
    var value = NewValue()
    value.expires = time
    return value
  }
}
