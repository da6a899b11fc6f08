/// The sandbox's whole state, in memory: sessions, phone numbers, connectors, and the tokens that were given out.
actor Kaizala {
  let clock: Clock
  /// The sandbox's own address, which ends in a slash.
  let base: String

  var visits: [String: Visit] = [:]
  /// Confirmed phone numbers, by e-mail address.
  var phones: [String: String] = [:]
  var waitingPhones: [String: WaitingPhone] = [:]
  /// PINs that the REST endpoint sent, by phone number and connector.
  var appPINs: [AppLogin: Int] = [:]
  var connectors: [String: Connector] = [:]
  var refreshTokens: [String: Token] = [:]
  var accessTokens: [String: Token] = [:]
  var throttle = Throttle()
  var faults = FaultQueue()
  var counted = KaizalaReport()

  init(clock: Clock, base: String) { (self.clock, self.base) = (clock, base) }
}
