/// Places of a request in their text form, as presets write them.
extension Preset.Place {
  init?(_ text: String) {
    if text == "assertion" {
      self = .assertion
      return
    }
    let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
    guard parts.count == 2, parts[1].utf8.allSatisfy({ Self.isNameByte($0) }) else { return nil }
    switch (parts[0], parts[1]) {
    case ("header", let name): self = .header(name)
    case ("form", let name): self = .form(name)
    case ("json", let name): self = .json(name)
    case ("basic", "user"): self = .basicUser
    case ("basic", "password"): self = .basicPassword
    default: return nil
    }
  }

  var text: String {
    switch self {
    case .header(let name): "header:" + name
    case .form(let name): "form:" + name
    case .json(let name): "json:" + name
    case .basicUser: "basic:user"
    case .basicPassword: "basic:password"
    case .assertion: "assertion"
    }
  }

  /// The kind of body that the place needs; `none` for headers.
  var body: Preset.Body {
    switch self {
    case .form: .form
    case .json: .json
    case .header, .basicUser, .basicPassword, .assertion: .none
    }
  }

  /// The same field in a body of another kind, for calls whose body differs from the exchange's.
  func moved(to kind: Preset.Body) -> Preset.Place {
    switch (self, kind) {
    case (.form(let name), .json): .json(name)
    case (.json(let name), .form): .form(name)
    default: self
    }
  }

  /// True for letters, digits, `-`, `_` and `.`: enough for every known header and field, and none of them ends a line.
  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
      true
    default: false
    }
  }
}

extension PresetFields {
  mutating func place(_ key: String) throws(PresetError) -> Preset.Place? {
    guard let text = try text(key) else { return nil }
    guard let place = Preset.Place(text) else { throw wrong(key, "can't be \"\(text)\"") }
    return place
  }

  /// Constant values, by place.
  mutating func fixed() throws(PresetError) -> [Preset.Fixed] {
    var fixed: [Preset.Fixed] = []
    for (key, value) in try pairs("fixed") {
      guard let place = Preset.Place(key), ![.basicUser, .basicPassword, .assertion].contains(place) else {
        throw wrong("fixed", "can't have \"\(key)\"")
      }
      guard value.utf8.allSatisfy({ 0x20...0x7E ~= $0 }) else { throw wrong("fixed", "has a value that can't be sent") }
      fixed.append(Preset.Fixed(place: place, value: value))
    }
    return fixed
  }
}
