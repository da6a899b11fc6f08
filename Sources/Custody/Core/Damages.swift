internal import CustodyLog

/// Damage that a session found, each once.
struct Damages {
  /// Number kept. Further damages are only counted.
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

  /// The first damage of a row that differs from the log.
  var ofTheFile: Damage? { all.first { $0.index == nil } }
}
