internal import CustodyLog
internal import CustodyValues
internal import CustodyStore

/// Reasons and destinations whose rows match their entries. A verification then opens each, on all cores, under the key
/// that opened its item's name.
struct NotedTexts {
  struct Place {
    let item: Identifier
    let entry: UInt64
    let kind: NoteRow.Kind
    let sha256: Digest
  }

  private var places: [Place] = []

  mutating func add(_ row: NoteRow, of entry: Entry) {
    guard row.kind == .reason || row.kind == .destination, let sha256 = entry.digest(row.kind.details.text) else {
      return
    }
    places.append(Place(item: row.item, entry: row.entry, kind: row.kind, sha256: sha256))
  }

  /// Sorts by item and position. Must be called before `of`.
  mutating func sort() { places.sort { ($0.item, $0.entry) < ($1.item, $1.entry) } }

  var items: some Sequence<Identifier> {
    places.lazy.enumerated().filter { [places] index, place in index == 0 || places[index - 1].item != place.item }
      .map { $1.item }
  }

  /// Returns the texts of one item, in the order of the log.
  func of(_ item: Identifier) -> ArraySlice<Place> {
    var (low, high) = (0, places.count)
    while low < high {
      let middle = (low + high) / 2
      if places[middle].item < item { low = middle + 1 } else { high = middle }
    }
    return places[low...].prefix { $0.item == item }
  }
}
