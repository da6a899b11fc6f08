internal import CustodyMemory

/// Finds which of several candidates a hash over all of them was made of. A few that are not the first ones are found, as
/// after damage; more than that nobody could tell apart in time.
struct SetSearch<Choice> {
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
      if tries >= Self.mostTries { return nil }
    }
    return nil
  }

  /// Places from `start` on, of which just so many have another choice than their first.
  private func find(from start: Int, _ deviations: Int, _ chosen: inout [Choice], _ tries: inout Int) -> Bool {
    guard deviations > 0 else {
      tries += 1
      return isRight(chosen)
    }
    guard start < places.count else { return false }
    for place in start..<places.count {
      for choice in places[place].dropFirst() {
        chosen[place] = choice
        if find(from: place + 1, deviations - 1, &chosen, &tries) { return true }
        chosen[place] = places[place][0]
        if tries >= Self.mostTries { return false }
      }
    }
    return false
  }
}
