internal import CustodyJSON

/// One object of a preset's text, read key by key; what nobody asked for is refused, so that a slip of the pen is no silence.
struct PresetFields {
  private let path: String
  private let object: JSONObject
  private var asked: Set<String> = []

  /// What is not there has no keys.
  static func or(_ given: PresetFields?) throws(PresetError) -> PresetFields {
    if let given { return given }
    return try PresetFields(.object(JSONObject()), at: "preset")
  }

  init(_ value: JSONValue?, at path: String) throws(PresetError) {
    guard let object = value?.object else { throw PresetError(reason: "\(path) is not an object") }
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

  mutating func hosts(_ key: String) throws(PresetError) -> [HostPattern] {
    var patterns: [HostPattern] = []
    for text in try list(key) {
      guard let pattern = HostPattern(text) else { throw wrong(key, "has \"\(text)\", which is no host") }
      patterns.append(pattern)
    }
    return patterns
  }

  mutating func place(_ key: String) throws(PresetError) -> Preset.Place? {
    guard let text = try text(key) else { return nil }
    return try Self.place(text, for: "\(path).\(key)")
  }

  mutating func inner(_ key: String) throws(PresetError) -> PresetFields {
    try PresetFields(value(key), at: "\(path).\(key)")
  }

  /// As `inner`, where it may be absent.
  mutating func optional(_ key: String) throws(PresetError) -> PresetFields? {
    guard let value = value(key) else { return nil }
    return try PresetFields(value, at: "\(path).\(key)")
  }

  mutating func choice<Choice: RawRepresentable<String>>(
    _ key: String, or standard: Choice
  ) throws(PresetError) -> Choice {
    try text(key) == nil ? standard : choice(key)
  }

  /// Values that are always the same, by their place.
  mutating func fixed() throws(PresetError) -> [Preset.Fixed] {
    var fixed: [Preset.Fixed] = []
    for (key, value) in try pairs("fixed") {
      let place = try Self.place(key, for: "\(path).fixed")
      guard value.utf8.allSatisfy({ 0x20...0x7E ~= $0 }), place != .basicUser, place != .basicPassword else {
        throw wrong("fixed", "has a value that can't be sent")
      }
      fixed.append(Preset.Fixed(place: place, value: value))
    }
    return fixed
  }

  /// Texts by name, in their order.
  mutating func pairs(_ key: String) throws(PresetError) -> [(key: String, value: String)] {
    guard let value = value(key) else { return [] }
    guard let object = value.object else { throw wrong(key, "is not an object") }
    var pairs: [(key: String, value: String)] = []
    for member in object.members {
      guard let text = member.value.string else { throw wrong(key, "has something else than text") }
      pairs.append((member.key, text))
    }
    return pairs
  }

  func finish() throws(PresetError) {
    if let unknown = object.keys.first(where: { !asked.contains($0) }) { throw wrong(unknown, "is not known") }
  }

  func wrong(_ key: String, _ what: String) -> PresetError { PresetError(reason: "\(path).\(key) \(what)") }

  static func place(_ text: String, for what: String) throws(PresetError) -> Preset.Place {
    let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
    guard parts.count == 2, parts[1].utf8.allSatisfy({ isNameByte($0) }) else {
      throw PresetError(reason: "\(what) can't be \"\(text)\"")
    }
    switch (parts[0], parts[1]) {
    case ("header", let name): return .header(name)
    case ("form", let name): return .form(name)
    case ("json", let name): return .json(name)
    case ("basic", "user"): return .basicUser
    case ("basic", "password"): return .basicPassword
    default: throw PresetError(reason: "\(what) can't be \"\(text)\"")
    }
  }

  /// Letters, digits, `-`, `_`, `.`: enough for every header and field that was met, and nothing that ends a line.
  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
      true
    default: false
    }
  }
}
