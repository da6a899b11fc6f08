/// JSON without secrets: metadata, presets, the tool's output. `SecretJSON` is for providers' replies.
package enum JSONValue: Sendable {
  case null
  case bool(Bool)
  case number(JSONNumber)
  case string(String)
  case array([JSONValue])
  case object(JSONObject)

  package init(parsing bytes: [UInt8]) throws(JSONError) {
    let source = PlainSource(bytes: bytes)
    self = Self.value(at: 0, of: try JSONScanner.scan(source), in: source)
  }

  package init(parsing text: String) throws(JSONError) { try self.init(parsing: Array(text.utf8)) }

  private static func value(at index: Int, of nodes: [JSONNode], in source: PlainSource) -> JSONValue {
    let node = nodes[index]
    switch node.kind {
    case .null: return .null
    case .yes: return .bool(true)
    case .no: return .bool(false)
    case .number: return .number(JSONNumber(checked: String(decoding: source.bytes[node.range], as: UTF8.self)))
    case .string: return .string(string(node, in: source))
    case .array:
      var (elements, next): ([JSONValue], Int) = ([], index + 1)
      while next < node.after {
        elements.append(value(at: next, of: nodes, in: source))
        next = nodes[next].after
      }
      return .array(elements)
    case .object:
      var (members, next): ([JSONObject.Member], Int) = ([], index + 1)
      while next < node.after {
        let member = value(at: next + 1, of: nodes, in: source)
        members.append(JSONObject.Member(key: string(nodes[next], in: source), value: member))
        next = nodes[next + 1].after
      }
      return .object(JSONObject(checked: members))
    }
  }

  private static func string(_ node: JSONNode, in source: PlainSource) -> String {
    var text: [UInt8] = []
    JSONText.unescape(node.range, of: source) { text.append($0) }
    return String(decoding: text, as: UTF8.self)
  }
}

extension JSONValue {
  package var string: String? { if case .string(let text) = self { text } else { nil } }
  package var bool: Bool? { if case .bool(let truth) = self { truth } else { nil } }
  package var integer: Int64? { if case .number(let number) = self { number.integer } else { nil } }
  package var array: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }
  package var object: JSONObject? { if case .object(let object) = self { object } else { nil } }
  package var isNull: Bool { if case .null = self { true } else { false } }

  package static func integer(_ value: some FixedWidthInteger) -> JSONValue { .number(JSONNumber(value)) }

  /// The value of a key; nil if this is no object, or has no such key.
  package subscript(key: String) -> JSONValue? { object?[key] }
}

/// Two values are equal if they would be written alike: strings byte for byte, numbers digit for digit.
extension JSONValue: Equatable {
  package static func == (one: JSONValue, other: JSONValue) -> Bool { one.bytes() == other.bytes() }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
  package init(stringLiteral value: String) { self = .string(value) }
  package init(booleanLiteral value: Bool) { self = .bool(value) }
  package init(integerLiteral value: Int64) { self = .integer(value) }
  package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  package init(nilLiteral: ()) { self = .null }

  /// Makes an object. If a key is given twice, the last value counts.
  package init(dictionaryLiteral elements: (String, JSONValue)...) {
    var object = JSONObject()
    for (key, value) in elements { object[key] = value }
    self = .object(object)
  }
}
