/// A limit for all searches of one repair together, so that crafted rows can't make it run long.
final class SearchBudget {
  /// Number of choices that may still be hashed.
  var left = 2_000_000
}

/// Finds the candidates that a hash over all of them was made from. It finds a set in which few differ from the
/// likeliest, as after damage; a search for more would take too long.
struct SetSearch<Choice> {
  let budget: SearchBudget
  /// The candidates for each place, the likeliest first.
  let places: [[Choice]]
  let isRight: ([Choice]) -> Bool

  private static var mostTries: Int { 20_000 }
  private static var mostDeviations: Int { 6 }

  func find() -> [Choice]? {
    guard !places.contains(where: \.isEmpty) else { return nil }
    var tries = 0
    var chosen = places.map { $0[0] }
    for deviations in 0...min(Self.mostDeviations, places.count) {
      if find(from: 0, deviations, &chosen, &tries) { return chosen }
      if isSpent(tries) { return nil }
    }
    return nil
  }

  private func isSpent(_ tries: Int) -> Bool { tries >= Self.mostTries || budget.left <= 0 }

  /// Tries all sets in which exactly this many places from `start` on differ from their first candidate.
  private func find(from start: Int, _ deviations: Int, _ chosen: inout [Choice], _ tries: inout Int) -> Bool {
    guard deviations > 0 else {
      tries += 1
      budget.left -= places.count
      return isRight(chosen)
    }
    guard start < places.count else { return false }
    for place in start..<places.count {
      for choice in places[place].dropFirst() {
        chosen[place] = choice
        if find(from: place + 1, deviations - 1, &chosen, &tries) { return true }
        chosen[place] = places[place][0]
        if isSpent(tries) { return false }
      }
    }
    return false
  }
}
