package import CustodySystem
internal import CustodyValues

/// A bundle being written: a draft folder that is renamed when it is complete, and otherwise removed.
package final class BundleFolder {
  private let place: String
  private let draft: String
  private var isDone = false
  private var files = 0
  private let limit: Int

  /// Begins a bundle: an archive if the name ends in `.tar`, else a folder.
  package init(_ place: String, limit: Int = ArchiveFault.mostFiles) throws {
    self.place = place
    self.limit = limit
    draft = place + ".draft"
    guard try FileStatus.ifPresent(place) == nil else {
      throw EvidenceError(
        .alreadyExists, "\"\(PrintableText.escape(place))\" exists already", subject: place,
        hint: "name a new folder, or a new file that ends in .tar")
    }
    guard try FileStatus.ifPresent(draft) == nil else {
      throw EvidenceError(
        .alreadyExists, "\"\(PrintableText.escape(draft))\" is there: another export is writing it, or one was cut off",
        subject: draft, hint: "wait for it, or remove that folder; it is no evidence")
    }
    try Folder.makePrivate(draft)
  }

  deinit { if !isDone { try? Folder.remove(draft) } }

  package func file(_ name: String) throws -> BundleFile {
    files += 1
    guard files <= limit else {
      throw EvidenceError(
        .unreadable, "the part has too many entries for a bundle, in which each has a file: more than \(limit) files",
        hint: "narrow it, or export lines, which prove the same: \(step: .give(.jsonLines))")
    }
    let path = "\(draft)/\(name)"
    if let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) { try Folder.makePrivate(String(path[..<slash])) }
    return BundleFile(try NewFile(path: path))
  }

  package func put(_ name: String, _ bytes: [UInt8]) throws {
    let file = try file(name)
    try file.write(bytes)
    try file.close()
  }

  package func finish() throws {
    if place.utf8.suffix(4).elementsEqual(".tar".utf8) {
      let file = try NewFile(path: place)
      try Archive.write(draft) { try file.write($0) }
      try file.commit()
      try Folder.remove(draft)
    } else {
      try Folder.move(draft, to: place)
    }
    isDone = true
  }
}

/// A file of a bundle, written piece by piece.
package final class BundleFile {
  private var file: NewFile?

  package init(_ file: consuming NewFile) { self.file = consume file }

  package func write(_ bytes: [UInt8]) throws { try file?.write(bytes) }

  /// Closes the file without making it durable by itself: the whole folder is made durable at the end.
  package func close() throws { try file.take()?.commit(.none) }
}
