internal import CustodyValues

/// A moment by the machine's own clock, which nobody can set and which goes on while the machine sleeps.
struct Uptime: Comparable, Sendable {
  let milliseconds: Int64

  static var now: Uptime { Uptime(milliseconds: SocketClock.milliseconds) }

  static func + (moment: Uptime, span: Duration) -> Uptime {
    let (seconds, attoseconds) = span.components
    return Uptime(milliseconds: moment.milliseconds + seconds * 1000 + attoseconds / 1_000_000_000_000_000)
  }

  static func < (one: Uptime, other: Uptime) -> Bool { one.milliseconds < other.milliseconds }

  func milliseconds(until other: Uptime) -> Int64 { max(0, other.milliseconds - milliseconds) }
  func seconds(until other: Uptime) -> UInt64 { UInt64((milliseconds(until: other) + 999) / 1000) }
}
