internal import CustodyCrypto
internal import CustodyValues

/// A list of IDs in a detail: hex, in ascending order, none twice, one space between two.
enum Identifiers {
  static func parse(_ value: ArraySlice<UInt8>) -> [Identifier]? {
    var found: [Identifier] = []
    for word in value.split(separator: 0x20, omittingEmptySubsequences: false) {
      guard let id = Identifier(hex: word), found.last.map({ $0 < id }) ?? true else { return nil }
      found.append(id)
    }
    return found
  }

  static func format(_ ids: some Sequence<Identifier>) -> [UInt8] {
    Array(ids.sorted().map { Hex.encode($0.bytes) }.joined(separator: [0x20]))
  }
}
