import Custody
import CustodySecrets
import CustodySystem
import CustodyValues

/// The values for a command, and the variables, descriptors and files that it gets them in.
struct Bindings {
  private(set) var variables: [(name: String, reference: Reference)] = []
  private(set) var descriptors: [(number: Int32, reference: Reference)] = []
  private(set) var files: [(name: String, reference: Reference)] = []

  init(variables: [String], descriptors: [String], files: [String]) throws {
    guard !(variables + descriptors + files).isEmpty else {
      throw VaultError(
        .usage, "there is nothing to hand to the command",
        hint: "say what it gets: --env NAME=contoso/crm-sync#access-token")
    }
    for text in variables { self.variables.append(try Self.named(text, "--env")) }
    for text in files { self.files.append(try Self.named(text, "--file")) }
    for text in descriptors { self.descriptors.append(try Self.numbered(text)) }
    let names = self.variables.map(\.name) + self.files.map(\.name)
    if let twice = Self.twice(names) { throw Self.double("the variable \(twice)") }
    if let twice = Self.twice(self.descriptors.map(\.number)) { throw Self.double("descriptor \(twice)") }
    // Checked before anything is revealed, like everything that can be known by then.
    guard ProgramStart.hasRoom(for: self.descriptors.count + self.files.count) else {
      throw VaultError(
        .failed, "--fd and --file need more open files than this process may have; nothing was revealed",
        hint: "allow more: ulimit -n 1024")
    }
  }

  var references: Set<Reference> {
    Set(variables.map(\.reference) + descriptors.map(\.reference) + files.map(\.reference))
  }

  func start(_ values: [Reference: SecretBox]) throws -> ProgramStart {
    var start = ProgramStart()
    for (name, reference) in variables {
      guard let value = values[reference] else { continue }
      guard value.bytes.allSatisfy({ $0 != 0 }) else {
        throw VaultError(
          .unsendable, "\"\(reference.text)\" has a zero byte, which a variable can't have",
          hint: "hand it over with --file \(name)=\(reference.text)")
      }
      try start.set(name, to: value.bytes)
    }
    for (number, reference) in descriptors {
      if let value = values[reference] { try start.add(value.bytes, at: number) }
    }
    for (name, reference) in files {
      guard let value = values[reference] else { continue }
      let number = try start.add(value.bytes)
      try start.set(name, to: "/proc/self/fd/\(number)")
    }
    return start
  }

  private static func named(_ text: String, _ option: String) throws -> (name: String, reference: Reference) {
    let (name, rest) = try halves(text, option)
    let bytes = Array(name.utf8)
    let isName =
      bytes.first.map { !isDigit($0) } ?? false
      && bytes.allSatisfy {
        isDigit($0) || $0 == UInt8(ascii: "_") || UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 | 0x20
      }
    guard isName else {
      throw VaultError(
        .usage, "\"\(PrintableText.escape(name))\" is no name of a variable", hint: "letters, digits and _: CRM_TOKEN")
    }
    return (name, try Reference(typed: rest))
  }

  private static func numbered(_ text: String) throws -> (number: Int32, reference: Reference) {
    let (word, rest) = try halves(text, "--fd")
    guard word.utf8.allSatisfy(isDigit), let number = Int32(word), number == 0 || number > 2,
      number <= ProgramStart.highestDescriptor
    else {
      throw VaultError(
        .usage, "\"\(PrintableText.escape(word))\" is no descriptor that a value can be read from",
        hint: "say 0 for standard input, or 3 to \(ProgramStart.highestDescriptor)")
    }
    guard number == 0 || !ProgramStart.isTaken(number) else {
      throw VaultError(.usage, "descriptor \(number) is in use already", hint: "take another number")
    }
    return (number, try Reference(typed: rest))
  }

  private static func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }

  private static func halves(_ text: String, _ option: String) throws -> (String, String) {
    guard let sign = text.utf8.firstIndex(of: UInt8(ascii: "=")) else {
      throw VaultError(
        .usage, "\(option) \"\(PrintableText.escape(text))\" has no \"=\"",
        hint: "as in \(option) \(option == "--fd" ? "3" : "CRM_TOKEN")=contoso/crm-sync#access-token")
    }
    return (String(text[..<sign]), String(text[text.utf8.index(after: sign)...]))
  }

  private static func twice<Value: Hashable>(_ values: [Value]) -> Value? {
    var seen: Set<Value> = []
    return values.first { !seen.insert($0).inserted }
  }

  private static func double(_ what: String) -> VaultError {
    VaultError(.usage, "\(what) is to have two values", hint: "name it once")
  }
}
