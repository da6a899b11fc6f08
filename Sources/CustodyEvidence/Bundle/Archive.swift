internal import CustodySystem
internal import CustodyValues

/// A writer of POSIX ustar archives in one canonical form: plain files, mode 0644, no owner, no time, in the order of
/// their names.
enum Archive {
  static let block = 512
  /// Limit of a file's size in bytes: the field has eleven octal digits.
  static let sizeLimit = 1 << 33

  /// A file's header. Nil if the name or size does not fit.
  static func header(_ name: String, size: Int) -> [UInt8]? {
    guard (1..<100).contains(name.utf8.count), (0..<sizeLimit).contains(size) else { return nil }
    var header = [UInt8](repeating: 0, count: block)
    func put(_ text: String, at place: Int) {
      for (offset, byte) in text.utf8.enumerated() { header[place + offset] = byte }
    }
    func octal(_ number: Int, _ digits: Int) -> String {
      let text = String(number, radix: 8)
      return String(repeating: "0", count: digits - text.utf8.count) + text
    }
    put(name, at: 0)
    put(octal(0o644, 7), at: 100)
    put(octal(0, 7), at: 108)
    put(octal(0, 7), at: 116)
    put(octal(size, 11), at: 124)
    put(octal(0, 11), at: 136)
    put("        ", at: 148)
    put("0", at: 156)
    put("ustar\u{0}00", at: 257)
    put(octal(0, 7), at: 329)
    put(octal(0, 7), at: 337)
    let sum = header.reduce(0) { $0 + Int($1) }
    put(octal(sum, 6) + "\u{0} ", at: 148)
    return header
  }

  static func padding(after size: Int) -> Int { (block - size % block) % block }

  /// Writes all files of a folder.
  static func write(_ folder: String, to write: ([UInt8]) throws -> Void) throws {
    for name in try Folder.files(below: folder, limit: 2 * ArchiveFault.mostFiles) {
      let file = try FileReader("\(folder)/\(name)")
      guard let header = header(name, size: file.size) else {
        throw EvidenceError(.failed, "\"\(name)\" is too large for an archive", hint: "name a folder instead of a .tar")
      }
      try write(header)
      var place = 0
      while place < file.size {
        let part = try file.read(at: place, count: 1 << 18)
        guard !part.isEmpty else { throw EvidenceError(.failed, "\"\(name)\" became shorter while it was read") }
        try write(part)
        place += part.count
      }
      try write([UInt8](repeating: 0, count: padding(after: file.size)))
    }
    try write([UInt8](repeating: 0, count: 2 * block))
  }
}
