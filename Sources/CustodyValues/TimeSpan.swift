/// A length of time, as a person types it: a whole number and its unit, `90s`, `10m`, `2h`, `30d`.
public struct TimeSpan: Hashable, Sendable {
  /// The length in seconds.
  public let seconds: Int64

  /// The length as Swift's own type.
  public var duration: Duration { .seconds(seconds) }

  /// Makes a length of so many seconds.
  public init(seconds: Int64) { self.seconds = seconds }

  /// Parses a whole number with a unit. Nil for anything else, and beyond a hundred years.
  public init?(typed text: String) {
    let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
    guard let unit = text.last.flatMap({ units[$0] }), text.dropLast().utf8.allSatisfy({ 0x30...0x39 ~= $0 }),
      let number = Int64(text.dropLast()), number <= 100 * 366 * 86_400 / unit
    else { return nil }
    seconds = number * unit
  }

  /// The length in the largest unit that leaves no remainder, such as `2h`.
  public var text: String {
    for (unit, letter) in [(Int64(86_400), "d"), (3600, "h"), (60, "m")] where seconds >= unit && seconds % unit == 0 {
      return "\(seconds / unit)\(letter)"
    }
    return "\(seconds)s"
  }

  /// For people: the two largest units that it has, such as `1 h 56 min`; what is smaller is left out.
  package var words: String {
    let parts = [
      (seconds / 86_400, "d"), (seconds % 86_400 / 3600, "h"), (seconds % 3600 / 60, "min"), (seconds % 60, "s"),
    ]
    guard let first = parts.firstIndex(where: { $0.0 > 0 }) else { return "0 s" }
    return parts[first...].prefix(2).filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: " ")
  }
}
