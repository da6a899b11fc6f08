/// Times as a person types them.
extension Timestamp {
  /// What a date without a time means: `--since` starts with the day, `--until` holds to its end.
  package enum DateEdge: Sendable { case start, end }

  package init(typed text: String, date edge: DateEdge) throws(TimestampError) {
    var reader = TimeReader(text.utf8)
    guard let days = reader.date() else { throw .notATime }
    var moment = days * Self.day
    if reader.isAtEnd {
      if edge == .end { moment += Self.day }
    } else {
      moment += try Self.timeOfDay(&reader)
    }
    guard (Self.earliest...Self.latest).contains(moment) else { throw .outOfRange }
    milliseconds = moment
  }

  /// The milliseconds after midnight UTC; negative, or more than a day, by its offset.
  private static func timeOfDay(_ reader: inout TimeReader) throws(TimestampError) -> Int64 {
    guard let mark = reader.next(), [UInt8](" Tt".utf8).contains(mark), let seconds = reader.time() else {
      throw .notATime
    }
    var milliseconds = seconds * 1000
    var ahead = reader
    if ahead.skip(".") {
      guard let fraction = ahead.fraction() else { throw .notATime }
      milliseconds += fraction
      reader = ahead
    }
    guard let offset = reader.offset(), reader.isAtEnd else { throw .notATime }
    return milliseconds - offset * 1000
  }
}
