extension Timestamp {
  /// The time as the end of something, for people: a day that is over at midnight is named as that day, since the time
  /// itself has the date of the next one.
  package var asEnd: String {
    guard milliseconds % 86_400_000 == 0 else { return "until \(text)" }
    let date = adding(milliseconds: -1).text.prefix(10).split(separator: "-")
    guard date.count == 3, let month = Int(date[1]), let day = Int(date[2]) else { return "until \(text)" }
    return "to the end of \(day) \(Self.months[month - 1]) \(date[0]) (UTC)"
  }

  private static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
  ]
}
