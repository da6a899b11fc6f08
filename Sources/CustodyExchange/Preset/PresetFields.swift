internal import CustodyJSON

/// One object of a preset's JSON, read key by key. A key that was never read is an error, so that a misspelled key is
/// not ignored.
struct PresetFields {
  private let path: [String]
  private let object: JSONObject
  private var asked: Set<String> = []

  /// The fields given, or those of an empty object if the object is absent.
  static func or(_ given: PresetFields?) throws(PresetError) -> PresetFields {
    if let given { return given }
    return try PresetFields(.object(JSONObject()), at: [])
  }

  init(_ value: JSONValue?, at path: [String] = []) throws(PresetError) {
    guard let object = value?.object else {
      throw PresetError("\(Self.name(path)) \(value == nil ? "is missing" : "is not an object")", at: path)
    }
    (self.path, self.object) = (path, object)
  }

  mutating func value(_ key: String) -> JSONValue? {
    asked.insert(key)
    guard let value = object[key], !value.isNull else { return nil }
    return value
  }

  mutating func text(_ key: String) throws(PresetError) -> String? {
    guard let value = value(key) else { return nil }
    guard let text = value.string, !text.isEmpty else { throw wrong(key, "is not text") }
    return text
  }

  mutating func needed(_ key: String) throws(PresetError) -> String {
    guard let text = try text(key) else { throw wrong(key, "is missing") }
    return text
  }

  mutating func path(_ key: String) throws(PresetError) -> JSONPath? { try text(key).map { JSONPath($0) } }

  mutating func number(_ key: String) throws(PresetError) -> Int64? {
    guard let value = value(key) else { return nil }
    guard let number = value.integer, number >= 0 else { throw wrong(key, "is not a whole number") }
    // At most a century of seconds, so that the number added to the present is still a valid time.
    guard number <= 3_200_000_000 else { throw wrong(key, "is too large") }
    return number
  }

  mutating func truth(_ key: String) throws(PresetError) -> Bool {
    guard let value = value(key) else { return false }
    guard let truth = value.bool else { throw wrong(key, "is neither true nor false") }
    return truth
  }

  mutating func list(_ key: String) throws(PresetError) -> [String] {
    guard let value = value(key) else { return [] }
    let texts = value.array?.compactMap(\.string)
    guard let texts, texts.count == value.array?.count else { throw wrong(key, "is not a list of texts") }
    return texts
  }

  mutating func choice<Choice: RawRepresentable<String>>(_ key: String) throws(PresetError) -> Choice {
    let text = try needed(key)
    guard let choice = Choice(rawValue: text) else { throw wrong(key, "can't be \"\(text)\"") }
    return choice
  }

  mutating func choice<Choice: RawRepresentable<String>>(
    _ key: String, or standard: Choice
  ) throws(PresetError) -> Choice {
    try text(key) == nil ? standard : choice(key)
  }

  mutating func choices<Choice: RawRepresentable<String>>(_ key: String) throws(PresetError) -> [Choice] {
    var choices: [Choice] = []
    for text in try list(key) {
      guard let choice = Choice(rawValue: text) else { throw wrong(key, "can't have \"\(text)\"") }
      choices.append(choice)
    }
    return choices
  }

  mutating func hosts(_ key: String) throws(PresetError) -> [HostPattern] {
    var patterns: [HostPattern] = []
    for text in try list(key) {
      guard let pattern = HostPattern(text) else { throw wrong(key, "has \"\(text)\", which is no host") }
      patterns.append(pattern)
    }
    return patterns
  }

  mutating func inner(_ key: String) throws(PresetError) -> PresetFields {
    try PresetFields(value(key), at: path + [key])
  }

  /// Reads an object as `inner` does, or nil if it is absent.
  mutating func optional(_ key: String) throws(PresetError) -> PresetFields? {
    guard let value = value(key) else { return nil }
    return try PresetFields(value, at: path + [key])
  }

  /// Reads an object's members, which are objects, in their order.
  mutating func members(_ key: String) throws(PresetError) -> [(key: String, fields: PresetFields)] {
    guard let given = try optional(key) else { return [] }
    var members: [(key: String, fields: PresetFields)] = []
    for member in given.object.members {
      members.append((member.key, try PresetFields(member.value, at: given.path + [member.key])))
    }
    return members
  }

  /// Reads an object's members, which are texts, in their order.
  mutating func pairs(_ key: String) throws(PresetError) -> [(key: String, value: String)] {
    guard let given = try optional(key) else { return [] }
    var pairs: [(key: String, value: String)] = []
    for member in given.object.members {
      guard let text = member.value.string else { throw given.wrong(member.key, "is not text") }
      pairs.append((member.key, text))
    }
    return pairs
  }

  /// Throws if the object has a key that was never read.
  func finish() throws(PresetError) {
    if let unknown = object.keys.first(where: { !asked.contains($0) }) { throw wrong(unknown, "is not known") }
  }

  func wrong(_ key: String, _ what: String) -> PresetError {
    PresetError("\(Self.name(path + [key])) \(what)", at: path + [key])
  }

  private static func name(_ path: [String]) -> String { (["preset"] + path).joined(separator: ".") }
}
