internal import CustodyCrypto
internal import CustodyJSON
internal import CustodySystem
internal import CustodyValues
internal import CustodyStore

/// A file beside the vault that keeps the rows a repair takes out, in JSON Lines, one row a line. If the vault file is
/// replaced, it is the replaced file instead.
struct Quarantine {
  let path: String
  let sha256: Digest

  /// Writes rows. The file is complete and durable on return.
  static func write(_ rows: [StoredRow], beside vault: String, at time: Timestamp) throws -> Quarantine {
    try write(beside: vault, at: time) { file throws(SystemError) in
      var hash = SHA256()
      for row in rows {
        let line = row.line
        hash.update(line)
        try file.write(line)
      }
      return hash.finish()
    }
  }

  /// Writes by `body`, which returns the SHA-256 of what it wrote.
  static func write(
    beside vault: String, at time: Timestamp, _ body: (borrowing NewFile) throws(SystemError) -> Digest
  ) throws -> Quarantine {
    let path = "\(vault).quarantine-\(time.text.filter { $0.isNumber || $0 == "T" || $0 == "Z" })"
    do throws(SystemError) {
      let file = try NewFile(path: path)
      let sha256 = try body(file)
      try file.commit()
      return Quarantine(path: path, sha256: sha256)
    } catch {
      throw VaultError(
        error.isNoSpace ? .diskFull : .failed,
        "cannot repair: what is taken out could not be written to \"\(PrintableText.escape(path))\": \(error.text)",
        subject: path
      ).caused(by: error)
    }
  }

  /// Deletes the file, if the repair did not succeed.
  func remove() { try? Folder.removeFile(path) }
}

extension StoredRow {
  fileprivate var line: [UInt8] {
    var object = JSONObject()
    for (column, cell) in zip(place.columns, cells) { object[String(column)] = cell.json }
    let line: JSONObject = ["v": 1, "table": .string(place.rawValue), "row": .object(object)]
    return JSONValue.object(line).bytes() + [0x0a]
  }
}

extension StoredRow.Cell {
  /// The cell as JSON: bytes in base64; text, which is only a migration's name, as it is.
  fileprivate var json: JSONValue {
    switch self {
    case .null: .null
    case .integer(let integer): .integer(integer)
    case .blob(let bytes): .string(String(decoding: Base64.encode(bytes), as: UTF8.self))
    case .text(let text): .string(text)
    }
  }
}
