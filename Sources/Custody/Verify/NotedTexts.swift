internal import CustodyLog
internal import CustodyValues
internal import CustodyStore

/// Reasons and destinations that rows hold as their entries name them, and that may open or not: of a verification, which opens
/// each under the key by which its item's name has opened, on every core.
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

  /// Before any are asked for.
  mutating func sort() { places.sort { ($0.item, $0.entry) < ($1.item, $1.entry) } }

  var items: some Sequence<Identifier> {
    places.lazy.enumerated().filter { [places] index, place in index == 0 || places[index - 1].item != place.item }
      .map { $1.item }
  }

  /// In the order of the log.
  func of(_ item: Identifier) -> ArraySlice<Place> {
    var (low, high) = (0, places.count)
    while low < high {
      let middle = (low + high) / 2
      if places[middle].item < item { low = middle + 1 } else { high = middle }
    }
    return places[low...].prefix { $0.item == item }
  }
}
