import CustodyValues

/// A reader of bytes from outside, and what must hold whatever they are. A thrown `Broken`, a trap, a hang and an allocation
/// that the input chose are faults; the reader's own errors are not.
struct FuzzTarget: Sendable {
  let name: String
  /// The longest input that is tried, in bytes.
  let longest: Int
  /// Words of the format, which chance would take long to spell.
  var words: [String] = []
  let seeds: @Sendable () throws -> [[UInt8]]
  let run: @Sendable ([UInt8]) throws -> Void

  static let all: [FuzzTarget] = [
    .entry, .note, .json, .bundle, .proof, .tile, .history, .fold, .request, .preset, .reply, .importing, .template,
    .agent, .pin, .typed, .page, .scope,
  ]

  static func named(_ name: String) -> FuzzTarget? { all.first { $0.name == name } }
}

/// Something that must hold, and does not.
struct Broken: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

func hold(_ truth: Bool, _ what: @autoclosure () -> String) throws {
  if !truth { throw Broken(what()) }
}

/// Bytes that are read as choices; zeros behind the end.
struct Feed {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: some Sequence<UInt8>) { rest = Array(bytes)[...] }

  var isEmpty: Bool { rest.isEmpty }

  mutating func next() -> UInt8 { rest.popFirst() ?? 0 }
  mutating func number() -> UInt64 { (0..<8).reduce(0) { sum, _ in sum << 8 | UInt64(next()) } }

  mutating func take(_ count: Int) -> [UInt8] {
    defer { rest = rest.dropFirst(count) }
    return Array(rest.prefix(count))
  }

  /// Bytes with their count in two bytes before them.
  mutating func block() -> [UInt8] { take(Int(next()) << 8 | Int(next())) }
  mutating func all() -> [UInt8] { take(rest.count) }
}

/// As `Feed.block` takes it.
func block(_ bytes: [UInt8]) -> [UInt8] {
  [UInt8(truncatingIfNeeded: bytes.count >> 8), UInt8(truncatingIfNeeded: bytes.count)] + bytes
}

func utf8(_ text: String) -> [UInt8] { Array(text.utf8) }
