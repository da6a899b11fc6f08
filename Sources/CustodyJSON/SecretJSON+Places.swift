package import CustodySecrets
internal import CustodyValues

/// Walking through a text of many values, each of which is looked at once: a path is searched from the root every time.
extension SecretJSON {
  /// One value's place in the text that it was taken from, and in no other.
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

  /// Of an array; of anything else none.
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

  /// Of an object; of anything else none. Keys name things; they are no secrets.
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

  /// A string that is no secret.
  package borrowing func string(at place: Place) -> String? { string(of: nodes[place.index]) }

  /// A string, unescaped straight into secret memory; nothing where there is no string.
  package borrowing func secret(at place: Place) throws(JSONError) -> SecureBytes? {
    try secret(of: nodes[place.index])
  }

  /// How many bytes the string at that place means.
  package borrowing func byteCount(at place: Place) -> Int {
    var count = 0
    JSONText.unescape(nodes[place.index].range, of: bytes) { _ in count += 1 }
    return count
  }
}
