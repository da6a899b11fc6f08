package import CustodySecrets
internal import CustodyValues

extension SecretJSON {
  /// Reads an `application/x-www-form-urlencoded` text as an object of strings, by the URL standard: empty parts are
  /// skipped, a part without `=` is a name, and `%` without two hex digits stands for itself. A text without any `=`
  /// is no form. Of a name that occurs twice, the first value is read, and `isAmbiguous` tells. All copies are in
  /// secret memory.
  package init(form bytes: consuming SecureBytes) throws(JSONError) {
    try self.init(reply: FormReader.object(of: bytes))
  }
}

/// Writes a form's parts as members of a JSON object.
private struct FormReader: ~Copyable {
  private var json: SecureBuffer
  private var position = 0

  static func object(of form: borrowing SecureBytes) throws(JSONError) -> SecureBytes {
    var hasValue = false
    do {
      var reader = try FormReader(capacity: 2 * form.count)
      // A byte order mark is no part of the first name.
      if form.byte(at: 0) == 0xEF, form.byte(at: 1) == 0xBB, form.byte(at: 2) == 0xBF { reader.position = 3 }
      try reader.json.append("{")
      var isFirst = true
      while let byte = form.byte(at: reader.position) {
        guard byte != UInt8(ascii: "&") else {
          reader.position += 1
          continue
        }
        if !isFirst { try reader.json.append(",") }
        isFirst = false
        try reader.text(upTo: "=", in: form)
        try reader.json.append(":")
        if form.byte(at: reader.position) == UInt8(ascii: "=") {
          (hasValue, reader.position) = (true, reader.position + 1)
        }
        try reader.text(upTo: "&", in: form)
      }
      try reader.json.append("}")
      guard hasValue || form.count == 0 else { throw JSONError(.syntax, at: form.count) }
      return try reader.finish()
    } catch let error as JSONError {
      throw error
    } catch {
      throw JSONError(.noMemory, at: 0)
    }
  }

  private init(capacity: Int) throws(SecureMemoryError) { json = try SecureBuffer(capacity: capacity + 2) }

  private consuming func finish() throws(SecureMemoryError) -> SecureBytes { try json.finish() }

  /// Copies a name, which ends before `=` or at the end of its part, or a value.
  private mutating func text(upTo end: Character, in form: borrowing SecureBytes) throws {
    try json.append("\"")
    while let byte = form.byte(at: position), byte != end.asciiValue, byte != UInt8(ascii: "&") {
      if byte == UInt8(ascii: "%"), let high = Self.digit(form.byte(at: position + 1)),
        let low = Self.digit(form.byte(at: position + 2))
      {
        try json.append(inJSON: high << 4 | low)
        position += 3
        continue
      }
      try json.append(inJSON: byte == UInt8(ascii: "+") ? 0x20 : byte)
      position += 1
    }
    try json.append("\"")
  }

  private static func digit(_ byte: UInt8?) -> UInt8? {
    byte.flatMap(Hex.value)
  }
}
