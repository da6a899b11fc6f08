/// All that the sandbox knows, in memory: who is signed in, their phones, the connectors and the tokens given out.
actor Kaizala {
  let clock: Clock
  /// The sandbox's own address, which ends in a slash.
  let base: String

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

  init(clock: Clock, base: String) { (self.clock, self.base) = (clock, base) }
}
