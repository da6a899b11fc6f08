/// Control of the token endpoint by scripts: ordering faults, aging tokens, and a report.
extension Kaizala {
  func order(_ fault: Fault) { faults.order(fault) }

  /// Counts a call for an access token, and returns the fault that it shall meet.
  func beginCall() -> Fault? {
    counted.requests += 1
    return faults.next()
  }

  /// Makes every token `days` older, by dating it back.
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
