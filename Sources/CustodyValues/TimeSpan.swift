/// A length of time as a person types it: a whole number and its unit, `90s`, `10m`, `2h`, `30d`.
public struct TimeSpan: Hashable, Sendable {
  public let seconds: Int64

  public var duration: Duration { .seconds(seconds) }

  public init(seconds: Int64) { self.seconds = seconds }

  /// Nil for anything else, and beyond a hundred years.
  public init?(typed text: String) {
    let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
    guard let unit = text.last.flatMap({ units[$0] }), text.dropLast().utf8.allSatisfy({ 0x30...0x39 ~= $0 }),
      let number = Int64(text.dropLast()), number <= 100 * 366 * 86_400 / unit
    else { return nil }
    seconds = number * unit
  }

  /// As it would be typed, in the largest unit that leaves no rest.
  public var text: String {
    for (unit, letter) in [(Int64(86_400), "d"), (3600, "h"), (60, "m")] where seconds >= unit && seconds % unit == 0 {
      return "\(seconds / unit)\(letter)"
    }
    return "\(seconds)s"
  }
}
