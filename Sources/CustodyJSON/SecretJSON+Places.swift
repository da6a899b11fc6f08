package import CustodySecrets
internal import CustodyValues

/// Walks through a text of many values. A path would be searched from the root for each of them.
extension SecretJSON {
  /// The place of one value. It is valid for the text that it was taken from only.
  package struct Place: Hashable, Sendable {
    let index: Int
  }

  package enum Kind: Sendable { case null, bool, number, string, array, object }

  package var root: Place { Place(index: 0) }

  package borrowing func place(of path: JSONPath) -> Place? { index(of: path).map { Place(index: $0) } }

  package borrowing func kind(of place: Place) -> Kind {
    switch nodes[place.index].kind {
    case .null: .null
    case .yes, .no: .bool
    case .number: .number
    case .string: .string
    case .array: .array
    case .object: .object
    }
  }

  /// The elements of an array; empty for any other value.
  package borrowing func elements(of place: Place) -> [Place] {
    let parent = nodes[place.index]
    guard parent.kind == .array else { return [] }
    var found: [Place] = []
    var next = place.index + 1
    while next < parent.after {
      found.append(Place(index: next))
      next = nodes[next].after
    }
    return found
  }

  /// The members of an object; empty for any other value. Keys are not secret.
  package borrowing func members(of place: Place) -> [(key: String, value: Place)] {
    let parent = nodes[place.index]
    guard parent.kind == .object else { return [] }
    var found: [(String, Place)] = []
    var next = place.index + 1
    while next < parent.after {
      found.append((String(decoding: unescaped(nodes[next]), as: UTF8.self), Place(index: next + 1)))
      next = nodes[next + 1].after
    }
    return found
  }

  /// The string at a place, as ordinary text: it must be no secret.
  package borrowing func string(at place: Place) -> String? { string(of: nodes[place.index]) }

  /// The string at a place, unescaped into secret memory; nil if there is none.
  package borrowing func secret(at place: Place) throws(JSONError) -> SecureBytes? {
    try secret(of: nodes[place.index])
  }

  /// The bytes of the unescaped string at a place.
  package borrowing func byteCount(at place: Place) -> Int {
    var count = 0
    JSONText.unescape(nodes[place.index].range, of: bytes) { _ in count += 1 }
    return count
  }
}
