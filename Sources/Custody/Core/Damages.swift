internal import CustodyLog

/// What a session found damaged, each once.
struct Damages {
  /// More are counted, and not kept.
  static let most = 1000
  private(set) var all: [Damage] = []
  private(set) var count = 0
  private var known: Set<String> = []

  mutating func add(_ damage: Damage) {
    guard known.count < Self.most else { return count += 1 }
    guard known.insert(damage.text).inserted else { return }
    all.append(damage)
    count += 1
  }

  /// Of rows that are not what the log says.
  var ofTheFile: Damage? { all.first { $0.index == nil } }
}
