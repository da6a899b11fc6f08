/// How much all searches of one repair may try together: rows that somebody made to be likely cost no more than that.
final class SearchBudget {
  /// Choices that may yet be hashed.
  var left = 2_000_000
}

/// Finds which of several candidates a hash over all of them was made of. A few that are not the first ones are found, as
/// after damage; more than that nobody could tell apart in time.
struct SetSearch<Choice> {
  let budget: SearchBudget
  /// The first of each place is the likeliest.
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

  /// Places from `start` on, of which just so many have another choice than their first.
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
