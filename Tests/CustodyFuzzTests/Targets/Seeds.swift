import CustodyCrypto
import CustodyJSON
import CustodyLog
import CustodySystem
import CustodyValues

/// Inputs to begin with, out of what is in the checkout.
enum Seeds {
  static let root = String(#filePath.split(separator: "/").dropLast(4).reduce(into: "") { $0 += "/" + $1 })

  static func file(_ path: String) throws -> [UInt8] {
    guard let bytes = try PlainFile.read(root + "/" + path, limit: 1 << 24) else {
      throw Broken("cannot read \(path)")
    }
    return bytes
  }

  /// Every file below a folder; none where there is no folder.
  static func files(_ folder: String, ending: String = "") -> [[UInt8]] {
    let names = (try? Folder.files(below: root + "/" + folder)) ?? []
    return names.filter { $0.hasSuffix(ending) }.compactMap { try? file(folder + "/" + $0) }
  }

  private static let export = Result { try file("Tests/Fixtures/v1/export.jsonl") }

  static var exportLines: [[UInt8]] {
    get throws { try export.get().split(separator: 0x0a).map { Array($0) } }
  }

  /// The fixture's log, entry by entry.
  static var log: [[UInt8]] {
    get throws {
      try exportLines.compactMap { line in
        try JSONValue(parsing: line)["entry"]?.string.flatMap { Base64.decode(utf8($0)) }
      }
    }
  }

  /// Its signed checkpoint.
  static var checkpoint: [UInt8] {
    get throws {
      guard let last = try exportLines.last, let note = try JSONValue(parsing: last)["note"]?.string else {
        throw Broken("the fixture has no checkpoint")
      }
      return utf8(note)
    }
  }

  static func folded() throws -> History {
    var history = History()
    for entry in try log { try history.fold(entry, attest: { _ in }) }
    return history
  }
}
