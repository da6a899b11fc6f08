internal import CustodyValues

/// The names of the files in a folder or archive, held against those that a bundle has.
enum BundleNames {
  private static let plain: Set = [
    "VERIFY.txt", "actors.txt", "checkpoint", "disclosed.jsonl", "limits.txt", "log.csv", "log.jsonl", "scope",
    "tlog-policy",
  ]

  /// What stands before all of them: `./`, and one folder that was packed with what is in it.
  static func top(of names: [String]) -> String {
    let here = common(names, 0).map { $0 == "./" ? $0 : "" } ?? ""
    let folder = common(names, here.utf8.count) ?? ""
    return here + (folder == "tile/" || folder == "proofs/" ? "" : folder)
  }

  /// The first folder behind so many bytes, if all have the same.
  private static func common(_ names: [String], _ start: Int) -> String? {
    guard let first = names.first?.utf8.dropFirst(start), let slash = first.firstIndex(of: 0x2f) else { return nil }
    let folder = first[...slash]
    // No name at all, and the folder above: other programs unpack nothing there.
    guard ![[0x2f], [0x2e, 0x2e, 0x2f]].contains(Array(folder)) else { return nil }
    let isCommon = names.allSatisfy { $0.utf8.dropFirst(start).starts(with: folder) }
    return isCommon ? String(decoding: Array(folder), as: UTF8.self) : nil
  }

  /// Whether it is a bundle at all, whatever is wrong with it.
  static func areOfBundle(_ names: [String]) -> Bool {
    names.contains { plain.contains($0) || isNumbered($0) }
  }

  private static func isNumbered(_ name: String) -> Bool {
    name.utf8.starts(with: "tile/".utf8) || name.utf8.starts(with: "proofs/".utf8)
  }

  /// What is not of a bundle would not be verified, and be taken for evidence. Bytes first: strings that look alike are
  /// equal.
  static func check(_ names: [String]) throws {
    var seen: Set<String> = []
    for name in names {
      guard name.utf8.allSatisfy({ (0x21...0x7e).contains($0) }), isNumbered(name) || plain.contains(name) else {
        throw OpenEvidence.broken("\"\(PrintableText.escape(name))\" is no file of a bundle")
      }
      guard seen.insert(name).inserted else { throw OpenEvidence.broken("\"\(name)\" is in it twice") }
    }
  }

  /// A file that a system puts beside others without being asked, and the system.
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
