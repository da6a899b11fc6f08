internal import CustodyValues

/// The names of files in a bundle's folder or archive, and the check that they are a bundle's.
enum BundleNames {
  private static let plain: Set = [
    "VERIFY.txt", "actors.txt", "checkpoint", "disclosed.jsonl", "limits.txt", "log.csv", "log.jsonl", "scope",
    "tlog-policy",
  ]

  /// The prefix that all names have: `./`, and a folder that was packed as a whole.
  static func top(of names: [String]) -> String {
    let here = common(names, 0).map { $0 == "./" ? $0 : "" } ?? ""
    let folder = common(names, here.utf8.count) ?? ""
    return here + (folder == "tile/" || folder == "proofs/" ? "" : folder)
  }

  /// The first folder after `start` bytes, if all names have the same.
  private static func common(_ names: [String], _ start: Int) -> String? {
    guard let first = names.first?.utf8.dropFirst(start), let slash = first.firstIndex(of: 0x2f) else { return nil }
    let folder = first[...slash]
    // An empty name and the parent folder are no prefix: other programs unpack nothing there.
    guard ![[0x2f], [0x2e, 0x2e, 0x2f]].contains(Array(folder)) else { return nil }
    let isCommon = names.allSatisfy { $0.utf8.dropFirst(start).starts(with: folder) }
    return isCommon ? String(decoding: Array(folder), as: UTF8.self) : nil
  }

  /// True if any name is a bundle's, whatever else is wrong.
  static func areOfBundle(_ names: [String]) -> Bool {
    names.contains { plain.contains($0) || isNumbered($0) }
  }

  private static func isNumbered(_ name: String) -> Bool {
    name.utf8.starts(with: "tile/".utf8) || name.utf8.starts(with: "proofs/".utf8)
  }

  /// Throws if a name is not a bundle's: its file would not be verified, and yet be taken for evidence. Names are
  /// checked as ASCII bytes first, because Swift takes canonically equivalent strings for equal.
  static func check(_ names: [String]) throws {
    var seen: Set<String> = []
    for name in names {
      guard name.utf8.allSatisfy({ (0x21...0x7e).contains($0) }), isNumbered(name) || plain.contains(name) else {
        throw EvidenceError.broken("\"\(PrintableText.escape(name))\" is no file of a bundle")
      }
      guard seen.insert(name).inserted else { throw EvidenceError.broken("\"\(name)\" is in it twice") }
    }
  }

  /// The first file that macOS or Windows added unasked, and the system's name.
  static func byproduct(in names: [String]) -> (name: String, system: String)? {
    for name in names {
      for part in name.utf8.split(separator: 0x2f) {
        let word = String(decoding: Array(part), as: UTF8.self)
        if word == "__MACOSX" || word == ".DS_Store" || part.starts(with: "._".utf8) { return (name, "macOS") }
        if word == "Thumbs.db" || word == "desktop.ini" { return (name, "Windows") }
      }
    }
    return nil
  }
}
