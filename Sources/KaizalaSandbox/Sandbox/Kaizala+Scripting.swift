/// What scripts may do to the token endpoint: spoil its replies, let its tokens grow old, and ask what came to pass.
extension Kaizala {
  func order(_ fault: Fault) { faults.order(fault) }

  /// Counts a call for an access token, and tells what shall go wrong with it.
  func beginCall() -> Fault? {
    counted.requests += 1
    return faults.next()
  }

  /// Every token is so much older: dating them back, not the calls forward, keeps the caller's own clock right.
  func age(byDays days: Int64) {
    refreshTokens = refreshTokens.mapValues { $0.older(byDays: days) }
    accessTokens = accessTokens.mapValues { $0.older(byDays: days) }
  }

  func report(inFlightMost: Int) -> KaizalaReport {
    var report = counted
    report.inFlightMost = inFlightMost
    report.live = refreshTokens.filter { $0.value.expires > clock.now }.keys.sorted()
    return report
  }
}

extension Token {
  fileprivate func older(byDays days: Int64) -> Token {
    Token(
      connector: connector, reach: reach, phone: phone, organisation: organisation,
      issued: issued - days * Clock.day, expires: expires - days * Clock.day)
  }
}
