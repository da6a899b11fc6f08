/// Suggestions for misspelled words.
enum Spelling {
  /// The name nearest to the typed one, at most `limit` edits away.
  static func nearest(_ typed: String, among names: some Sequence<String>, within limit: Int = 2) -> String? {
    let near = names.map { (name: $0, distance: distance($0, typed)) }.filter { $0.distance <= limit }
    return near.min { $0.distance < $1.distance }?.name
  }

  /// The number of edits between two words: letters added, dropped, changed, or swapped with the next (optimal string
  /// alignment).
  static func distance(_ one: String, _ other: String) -> Int {
    let (a, b) = (Array(one.utf8.prefix(130)), Array(other.utf8.prefix(130)))
    var (before, row) = ([Int](), Array(0...b.count))
    for (i, letter) in a.enumerated() {
      var next = [i + 1]
      for (j, wanted) in b.enumerated() {
        var least = min(row[j + 1] + 1, next[j] + 1, row[j] + (letter == wanted ? 0 : 1))
        if i > 0, j > 0, letter == b[j - 1], wanted == a[i - 1] { least = min(least, before[j - 1] + 1) }
        next.append(least)
      }
      (before, row) = (row, next)
    }
    return row[b.count]
  }
}
