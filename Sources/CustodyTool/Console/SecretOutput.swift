import ArgumentParser
import Custody
import CustodyJSON
import CustodyLog
import CustodyMemory

/// Where a secret goes: standard output, alone; to a terminal only when asked.
struct SecretOutput: ParsableArguments {
  @Flag(help: "Show the value though standard output is a terminal.")
  var reveal = false

  @Option(help: ArgumentHelp("Write the value to a new file, readable to you only.", valueName: "path"))
  var output: String?

  /// How the value will leave, as the log is told. Refuses before anything is sent or logged.
  func leaving() throws -> Leaving {
    if output != nil { return .file }
    switch DescriptorKind(of: 1) {
    case .tty:
      guard reveal else {
        throw VaultError(
          .usage, "standard output is a terminal, where a secret stays to be read",
          hint: "add --reveal, or send it on: \"… | other-command\"")
      }
      return .tty
    case .file: return .file
    case .pipe, .other: return .pipe
    }
  }

  /// The value alone, with a newline only on a terminal.
  func write(_ value: borrowing SecureBytes) throws {
    if let path = output {
      let file = try NewFile(path: path)
      try file.write(value)
      try file.commit()
      return Console.say("wrote \(value.count) bytes to \"\(PrintableText.escape(path))\"")
    }
    try Console.writing {
      try Output.write(value, to: 1)
      if Console.isTerminal { try Output.write("\n", to: 1) }
    }
  }

  /// One JSON object with the value among other fields, put together in guarded memory.
  func write(_ value: borrowing SecureBytes, as key: String, with fields: JSONObject) throws {
    var object: JSONObject = ["v": 1]
    for member in fields.members { object[member.key] = member.value }
    let head = JSONValue.object(object).text().dropLast()
    var buffer = try SecureBuffer(capacity: 2 * value.count + 256)
    try buffer.append("\(head),")
    if value.isPlainText {
      try buffer.append("\"\(key)\":\"")
      for place in 0..<value.count {
        guard let byte = value.byte(at: place) else { continue }
        if byte == 0x22 || byte == 0x5c { try buffer.append(0x5c) }
        try buffer.append(byte)
      }
    } else {
      try buffer.append("\"\(key)_hex\":\"")
      for place in 0..<value.count { if let byte = value.byte(at: place) { try buffer.append(hex: byte) } }
    }
    try buffer.append("\"}\n")
    let text = try buffer.finish()
    if let path = output {
      let file = try NewFile(path: path)
      try file.write(text)
      try file.commit()
    } else {
      try Console.writing { try Output.write(text, to: 1) }
    }
  }
}

extension SecureBytes {
  /// Whether it can stand in a JSON string with nothing but `"` and `\` escaped.
  fileprivate var isPlainText: Bool { allSatisfy { (0x20...0x7e).contains($0) } }
}

extension SecureBuffer {
  fileprivate mutating func append(hex byte: UInt8) throws {
    let digits = Array("0123456789abcdef".utf8)
    try append(digits[Int(byte >> 4)])
    try append(digits[Int(byte & 15)])
  }
}
