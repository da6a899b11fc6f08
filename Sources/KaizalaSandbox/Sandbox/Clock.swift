import Foundation

/// Seconds since 1970, for calls and for the dating of tokens.
struct Clock: Sendable {
  static let day: Int64 = 86_400
  /// A refresh token lives 365 days and from 90 % of that, day 328, each call brings a new one (Tokens.md, FAQ.md).
  static let refreshLife = 365 * day
  static let lateAge = 328 * day
  static let accessLife = day

  /// How old a token is that a person generates. Dating tokens back, not the calls forward, keeps the caller's own clock right.
  let daysBack: Int

  var now: Int64 { Int64(Date().timeIntervalSince1970) }
  var generation: Int64 { now - Int64(daysBack) * Self.day }
}
