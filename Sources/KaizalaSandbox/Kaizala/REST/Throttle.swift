/// Allows each connector 100 calls a minute, as documented. The minute slides, which is our reading.
struct Throttle: Sendable {
  static let most = 100
  private var calls: [String: [Int64]] = [:]

  /// Counts a call, or returns in how many seconds to come again.
  mutating func wait(of connector: String, now: Int64) -> Int64? {
    var recent = calls[connector, default: []].filter { $0 > now - 60 }
    defer { calls[connector] = recent }
    if recent.count >= Self.most, let first = recent.first { return first + 60 - now }
    recent.append(now)
    return nil
  }
}
