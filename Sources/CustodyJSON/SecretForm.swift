public import CustodyMemory

extension SecretJSON {
  /// An `application/x-www-form-urlencoded` text, read as one object of strings. Strict as JSON is: each part has one name and
  /// a value, no name stands twice, and escapes are whole; nothing leaves secret memory on the way.
  public init(form bytes: consuming SecureBytes) throws(JSONError) {
    try self.init(FormReader.object(of: bytes))
  }
}

/// Writes a form's parts as members of a JSON object; what they are made of is then checked as any JSON is.
private struct FormReader: ~Copyable {
  private var json: SecureBuffer
  private var position = 0

  static func object(of form: borrowing SecureBytes) throws(JSONError) -> SecureBytes {
    do {
      var reader = try FormReader(capacity: 2 * form.count)
      try reader.json.append("{")
      while reader.position < form.count {
        if reader.position > 0 { try reader.skip("&", in: form, then: ",") }
        try reader.text(upTo: "=", in: form)
        try reader.skip("=", in: form, then: ":")
        try reader.text(upTo: "&", in: form)
      }
      try reader.json.append("}")
      return try reader.finish()
    } catch let error as JSONError {
      throw error
    } catch {
      throw JSONError(.noMemory, at: 0)
    }
  }

  private init(capacity: Int) throws(SecureMemoryError) { json = try SecureBuffer(capacity: capacity + 2) }

  private consuming func finish() throws(SecureMemoryError) -> SecureBytes { try json.finish() }

  private mutating func skip(_ mark: Character, in form: borrowing SecureBytes, then text: String) throws {
    guard form.byte(at: position) == mark.asciiValue else { throw JSONError(.syntax, at: position) }
    position += 1
    try json.append(text)
  }

  /// A name, which is not empty, or a value.
  private mutating func text(upTo end: Character, in form: borrowing SecureBytes) throws {
    let start = position
    try json.append("\"")
    while let byte = form.byte(at: position), byte != end.asciiValue {
      switch byte {
      case UInt8(ascii: "&"): throw JSONError(.syntax, at: position)
      case UInt8(ascii: "+"): try json.append(inJSON: 0x20)
      case UInt8(ascii: "%"):
        guard let high = Self.digit(form.byte(at: position + 1)), let low = Self.digit(form.byte(at: position + 2))
        else {
          throw JSONError(.syntax, at: position)
        }
        try json.append(inJSON: high << 4 | low)
        position += 2
      case 0x21...0x7E: try json.append(inJSON: byte)
      default: throw JSONError(.syntax, at: position)
      }
      position += 1
    }
    guard end == "&" || position > start else { throw JSONError(.syntax, at: position) }
    try json.append("\"")
  }

  private static func digit(_ byte: UInt8?) -> UInt8? {
    switch byte {
    case .some(let digit) where UInt8(ascii: "0")...UInt8(ascii: "9") ~= digit: digit - UInt8(ascii: "0")
    case .some(let digit) where UInt8(ascii: "a")...UInt8(ascii: "f") ~= digit | 0x20:
      (digit | 0x20) - UInt8(ascii: "a") + 10
    default: nil
    }
  }
}
