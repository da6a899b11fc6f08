import Foundation

/// The clock for calls and for the dating of tokens, in seconds since 1970.
struct Clock: Sendable {
  static let day: Int64 = 86_400
  /// Lifetimes in seconds. A refresh token lives 365 days; from 90 % of that, day 328, each call brings a new one
  /// (Tokens.md, FAQ.md).
  static let refreshLife = 365 * day
  static let lateAge = 328 * day
  static let accessLife = day

  /// Age in days of a token that a person generates. Tokens are dated back instead of moving the clock forward, so
  /// that the caller's own clock stays right.
  let daysBack: Int

  var now: Int64 { Int64(Date().timeIntervalSince1970) }
  var generation: Int64 { now - Int64(daysBack) * Self.day }
}
