internal import CustodyCrypto
internal import CustodyJSON
internal import CustodySystem
internal import CustodyValues
internal import CustodyStore

/// The file beside a vault with the rows that a repair takes out: JSON Lines, a row each. Of a file that is made anew it is that
/// file as it was.
struct Quarantine {
  let path: String
  let sha256: Digest

  /// Whole and durable when this returns.
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

  /// `body` writes it, and returns its SHA-256.
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

  /// Of a repair that did not come about.
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
  /// Bytes in base64; a text is a migration's name.
  fileprivate var json: JSONValue {
    switch self {
    case .null: .null
    case .integer(let integer): .integer(integer)
    case .blob(let bytes): .string(String(decoding: Base64.encode(bytes), as: UTF8.self))
    case .text(let text): .string(text)
    }
  }
}
