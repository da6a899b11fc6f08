/// 100 calls a minute for each connector, as documented. The minute slides; that is our reading.
struct Throttle: Sendable {
  static let most = 100
  private var calls: [String: [Int64]] = [:]

  /// Counts a call, or says in how many seconds to come again.
  mutating func wait(of connector: String, now: Int64) -> Int64? {
    var recent = calls[connector, default: []].filter { $0 > now - 60 }
    defer { calls[connector] = recent }
    if recent.count >= Self.most, let first = recent.first { return first + 60 - now }
    recent.append(now)
    return nil
  }
}
