import CustodySystem
import CustodyValues
import Glibc

/// `fuzz list`, `fuzz seeds TARGET FOLDER`, `fuzz words TARGET`, and `fuzz TARGET` with libFuzzer's own arguments.
enum Driver {
  nonisolated(unsafe) static var target = FuzzTarget.entry

  static func run(_ words: [String]) throws -> Int32? {
    let (command, rest) = (words.first ?? "list", words.dropFirst())
    if command == "list" {
      for target in FuzzTarget.all { print(target.name, target.longest) }
      return 0
    }
    let name = ["seeds", "words"].contains(command) ? rest.first ?? "" : command
    guard let found = FuzzTarget.named(name) else {
      print("there is no fuzz target \"\(name)\"; \"fuzz list\" shows them")
      return 2
    }
    target = found
    switch (command, rest.dropFirst().first) {
    case ("seeds", .some(let folder)):
      for (number, seed) in try found.seeds().enumerated() {
        let file = try NewFile(path: "\(folder)/seed-\(number)", replacing: true)
        try file.write(seed)
        try file.commit(.none)
      }
      return 0
    case ("words", _):
      for word in found.words { print("\"" + word.utf8.map(escaped).joined() + "\"") }
      return 0
    default: return nil
    }
  }

  /// As libFuzzer's dictionaries have it.
  private static func escaped(_ byte: UInt8) -> String {
    if byte >= 0x20, byte < 0x7f, byte != 0x22, byte != 0x5c { return String(UnicodeScalar(byte)) }
    return "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
  }
}

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<Int32>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  do { try Driver.target.run(Array(UnsafeBufferPointer(start: start, count: count))) } catch {
    fatalError("\(error)")
  }
  return 0
}

/// The entry point under the name that SwiftPM gives an executable's `main`, so that libFuzzer's own `main` can be
/// linked.
@_cdecl("fuzz_main")
public func main(_ count: Int32, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Int32 {
  let words = (1..<max(1, Int(count))).compactMap { arguments[$0].map { String(cString: $0) } }
  do {
    if let status = try Driver.run(words) { return status }
  } catch {
    print("cannot begin: \(error)")
    return 1
  }
  // libFuzzer starts itself again by its arguments only where it forks, which is not asked for.
  var (left, rest) = (count - 1, arguments + 1)
  rest[0] = arguments[0]
  return runDriver(&left, &rest) { testOneInput($0, $1) }
}
