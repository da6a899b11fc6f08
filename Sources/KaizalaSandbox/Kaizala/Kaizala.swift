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
  var faults = FaultQueue()
  var counted = KaizalaReport()

  init(clock: Clock) { self.clock = clock }

  func listens(at base: String) { self.base = base }
}
