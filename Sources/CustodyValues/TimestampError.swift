package enum TimestampError: Error, Equatable, Sendable {
  /// The text is neither RFC 3339 (`2027-11-01T09:00:00+05:30`) nor a date (`2027-11-01`).
  case notATime
  /// The time is outside the years 0000 to 9999 in UTC.
  case outOfRange
}
