/// Times in the forms that a person types.
extension Timestamp {
  /// The meaning of a date without a time: the day's start (`--since`) or its end (`--until`).
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

  /// Reads a time with its offset, as milliseconds after midnight UTC of the date before it. The offset can make that
  /// negative, or more than a day.
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
