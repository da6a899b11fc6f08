import Custody
import CustodyValues

/// The vault's half of an exchange without a provider's rules: nothing that was kept will do, and nothing forbids to ask.
package struct OpenRules: ExchangeRules {
  package let asksAgain = false

  package init() {}

  package func accepts(_ kept: KeptAccessToken.Facts, of subject: ExchangeSubject) -> Bool { false }
  package func check(_ before: ExchangeJournal?, of subject: ExchangeSubject) {}
}

extension Session {
  /// A claim on a token, as of a process that asks the provider for it.
  package func claim(_ name: String) throws -> ExchangeClaim { try claim(name, ExchangeTerms(how: .pipe)) }

  /// The same of a process that has waited for long enough to take the exchange over.
  package func takeOver(_ name: String) throws -> ExchangeClaim {
    var terms = ExchangeTerms(how: .pipe)
    terms.stalled = try exchangeHold(of: token(name).item.id)
    return try claim(name, terms)
  }

  private func claim(_ name: String, _ terms: ExchangeTerms) throws -> ExchangeClaim {
    switch try beginExchange(name, terms, OpenRules()) {
    case .claimed(let claim, _): return claim
    case .held: throw VaultError(.conflict, "\(name) is held")
    case .kept: throw VaultError(.conflict, "\(name) has an access token")
    }
  }
}

extension NewValue {
  /// By an admin who doesn't hold the item.
  public static func takingOver() -> NewValue {
    var value = NewValue()
    value.takesOver = true
    return value
  }

  /// One that ends then.
  public static func ending(_ time: Timestamp) -> NewValue {
    var value = NewValue()
    value.expires = time
    return value
  }
}
