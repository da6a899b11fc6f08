/// All that the sandbox knows, in memory: who is signed in, their phones, the connectors and the tokens given out.
actor Kaizala {
  let clock: Clock
  private(set) var base = ""

  var visits: [String: Visit] = [:]
  /// Confirmed numbers by e-mail.
  var phones: [String: String] = [:]
  var waitingPhones: [String: WaitingPhone] = [:]
  /// PINs of the REST endpoint, by number and connector.
  var appPINs: [AppLogin: Int] = [:]
  var connectors: [String: Connector] = [:]
  var refreshTokens: [String: Token] = [:]
  var accessTokens: [String: Token] = [:]
  var throttle = Throttle()
  private var faults: Fault?

  init(clock: Clock) { self.clock = clock }

  func listens(at base: String) { self.base = base }

  func set(_ fault: Fault) { faults = fault.count > 0 ? fault : nil }

  func nextFault() -> Fault? {
    guard var fault = faults else { return nil }
    fault.count -= 1
    faults = fault.count > 0 ? fault : nil
    return fault
  }

  /// Every refresh token is so much older: dating them back, not the calls forward, keeps the caller's own clock right.
  func age(byDays days: Int64) {
    refreshTokens = refreshTokens.mapValues { old in
      Token(
        connector: old.connector, reach: old.reach, phone: old.phone, organisation: old.organisation,
        issued: old.issued - days * Clock.day, expires: old.expires - days * Clock.day)
    }
  }
}

/// A browser or a script that came by; `person` once it signed in. `formToken` is what its forms must carry.
struct Visit: Sendable {
  let id: String
  let formToken: String
  let person: Person?
}

struct WaitingPhone: Sendable {
  let number: String
  let pin: Int
}

struct AppLogin: Hashable, Sendable {
  let number: String
  let connector: String
}
