package import CustodyValues
internal import CUnix
internal import Glibc

extension Folder {
  /// The files below a folder, as relative paths with `/`, in ascending byte order. A symbolic link, or anything else
  /// that is neither file nor folder, is an error.
  package static func files(below path: String, limit: Int = 1 << 20) throws(SystemError) -> [String] {
    var files: [String] = []
    try walk(path, "", limit: limit) { name, isFolder in if !isFolder { files.append(name) } }
    return files.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Removes a folder with everything in it.
  package static func remove(_ path: String) throws(SystemError) {
    var all: [(name: String, isFolder: Bool)] = []
    try walk(path, "", limit: .max) { all.append(($0, $1)) }
    for (name, isFolder) in all.reversed() {
      let code = unsafe "\(path)/\(name)".withCString { unsafe isFolder ? rmdir($0) : unlink($0) }
      guard code == 0 else { throw .last }
    }
    guard unsafe path.withCString({ unsafe rmdir($0) }) == 0 else { throw .last }
  }

  /// Visits everything below a folder, each folder before its contents.
  private static func walk(
    _ root: String, _ inner: String, limit: Int, _ body: (String, Bool) -> Void
  ) throws(SystemError) {
    var (waiting, seen) = ([inner], 0)
    while let folder = waiting.popLast() {
      for name in try names(in: folder.isEmpty ? root : "\(root)/\(folder)") {
        let inner = folder.isEmpty ? name : "\(folder)/\(name)"
        let status = try FileStatus("\(root)/\(inner)")
        guard status.kind == .file || status.kind == .folder else { throw SystemError(code: ELOOP) }
        seen += 1
        guard seen <= limit else { throw SystemError(code: EFBIG) }
        body(inner, status.kind == .folder)
        if status.kind == .folder { waiting.append(inner) }
      }
    }
  }

  /// The names in a folder, in no order.
  package static func names(in path: String) throws(SystemError) -> [String] {
    guard let folder = unsafe path.withCString({ unsafe opendir($0) }) else { throw .last }
    defer { unsafe closedir(folder) }
    var names: [String] = []
    while let entry = unsafe readdir(folder) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { place in
        unsafe UnsafeRawPointer(place).withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }
}

extension Folder {
  /// Renames a file or folder. Fails if the new name is taken.
  package static func rename(_ path: String, toNew place: String) throws(SystemError) {
    let code = unsafe path.withCString { from in unsafe place.withCString { unsafe cunix_rename_new(from, $0) } }
    guard code == 0 else { throw SystemError(code: code) }
  }

  /// Removes a file. A missing file is no error.
  package static func removeFile(_ path: String) throws(SystemError) {
    guard unsafe path.withCString({ unsafe unlink($0) }) != 0 else { return }
    let failure = SystemError.last
    guard failure.isMissing else { throw failure }
  }

  /// A random name that nobody can guess.
  package static func randomName() throws(SystemError) -> String {
    var word: UInt64 = 0
    guard unsafe getentropy(&word, MemoryLayout<UInt64>.size) == 0 else { throw .last }
    return String(word, radix: 16)
  }

  /// Moves a folder to a name that is free, and makes it and its files durable.
  package static func move(_ path: String, to place: String) throws(SystemError) {
    try synchronize(path)
    try rename(path, toNew: place)
    let slash = place.utf8.lastIndex(of: UInt8(ascii: "/"))
    try synchronize(slash.map { $0 == place.startIndex ? "/" : String(place[..<$0]) } ?? ".")
  }
}
