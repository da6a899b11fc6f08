/// Keys and values in their order. Keys are compared as UTF-8 bytes, because Swift's `==` takes two spellings of é
/// for one key.
package struct JSONObject: Sendable {
  package struct Member: Sendable {
    package let key: String
    package internal(set) var value: JSONValue
  }

  package private(set) var members: [Member] = []

  package init() {}

  /// Takes members whose keys are known to differ.
  init(checked members: [Member]) { self.members = members }

  package var keys: [String] { members.map(\.key) }

  /// The value of a key. A new key goes to the end; setting nil removes the key.
  package subscript(key: String) -> JSONValue? {
    get { index(of: key).map { members[$0].value } }
    set {
      switch (index(of: key), newValue) {
      case (.some(let index), .some(let value)): members[index].value = value
      case (.some(let index), .none): members.remove(at: index)
      case (.none, .some(let value)): members.append(Member(key: key, value: value))
      case (.none, .none): break
      }
    }
  }

  private func index(of key: String) -> Int? {
    members.firstIndex { $0.key.utf8.elementsEqual(key.utf8) }
  }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  /// Makes an object. If a key is given twice, the last value counts.
  package init(dictionaryLiteral elements: (String, JSONValue)...) {
    for (key, value) in elements { self[key] = value }
  }
}
