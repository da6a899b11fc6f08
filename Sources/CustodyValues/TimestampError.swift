package enum TimestampError: Error, Equatable, Sendable {
  /// Neither RFC 3339 (`2027-11-01T09:00:00+05:30`) nor a date (`2027-11-01`).
  case notATime
  /// Outside the years 0000 to 9999 once it stands in UTC.
  case outOfRange
}
