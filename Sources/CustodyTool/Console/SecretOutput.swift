import ArgumentParser
import Custody
import CustodyJSON
import CustodyLog
import CustodySecrets
import CustodySystem
import CustodyValues

/// Options for the destination of a secret: standard output, which then carries nothing else, and a terminal only with
/// --reveal.
struct SecretOutput: ParsableArguments {
  @Flag(help: "Show the value though standard output is a terminal.")
  var reveal = false

  @Option(
    help: ArgumentHelp("Write the value to a new file, readable to you only.", valueName: "path"), completion: .file())
  var output: String?

  /// Opens the destination before anything is sent or logged, so that a provider is not asked in vain.
  func outlet() throws -> Outlet {
    if let output { return Outlet(how: .file, file: try NewFile.named(output)) }
    guard Output.isWritable(1) else {
      throw VaultError(
        .failed, "cannot write to standard output: it is closed, or open to read only",
        hint: "send it somewhere (\"… | other-command\"), or name a file: --output PATH")
    }
    switch DescriptorKind(of: 1) {
    case .tty:
      guard reveal else {
        throw VaultError(
          .usage, "standard output is a terminal, where a secret stays to be read",
          hint: "add --reveal, or send it on: \"… | other-command\"")
      }
      return Outlet(how: .tty)
    case .file: return Outlet(how: .file)
    case .pipe, .other: return Outlet(how: .pipe)
    }
  }
}

/// The open destination of one secret.
struct Outlet: ~Copyable {
  /// The kind of destination, for the log.
  let how: Leaving
  private let file: NewFile?

  fileprivate init(how: Leaving, file: consuming NewFile? = nil) {
    self.how = how
    self.file = file
  }

  /// Writes the value alone, with a newline only on a terminal.
  consuming func write(_ value: borrowing SecureBytes) throws {
    let endsLine = how == .tty
    try send(value)
    if endsLine { try Console.writing { try Output.write("\n", to: 1) } }
  }

  /// Writes one JSON object with the value among other fields, assembled in guarded memory.
  consuming func write(_ value: borrowing SecureBytes, as key: String, with fields: JSONObject) throws {
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
    try send(buffer.finish())
  }

  private consuming func send(_ value: borrowing SecureBytes) throws {
    switch consume file {
    case .some(let file):
      try file.write(value)
      try file.commit()
    case .none: try Console.writing { try Output.write(value, to: 1) }
    }
  }
}

extension NewFile {
  /// Makes a file that was named on the command line; it must be new.
  static func named(_ path: String) throws -> NewFile {
    do { return try NewFile(path: path) } catch {
      throw VaultError(
        error.isNoSpace ? .diskFull : .failed, "cannot write to \"\(PrintableText.escape(path))\": \(error.text)",
        subject: path, hint: "name a new file, in a folder that is there")
    }
  }
}

extension SecureBytes {
  /// True if the value is printable ASCII, so that a JSON string needs escapes only for `"` and `\`.
  fileprivate var isPlainText: Bool { allSatisfy { (0x20...0x7e).contains($0) } }
}

extension SecureBuffer {
  fileprivate mutating func append(hex byte: UInt8) throws {
    let digits = Array("0123456789abcdef".utf8)
    try append(digits[Int(byte >> 4)])
    try append(digits[Int(byte & 15)])
  }
}
