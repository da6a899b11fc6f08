public import Custody
internal import CustodyJSON
public import CustodySecrets
internal import CustodyValues

/// A parsed import file. Its secrets stay in the one guarded memory block that they were read into, and are copied out
/// one at a time.
public struct ImportFile: Sendable {
  /// Longest file in bytes: 64 MiB, enough for over a hundred thousand items.
  public static let limit = 64 << 20

  private enum Content: Sendable {
    case bytes(SecretBox)
    case json(JSONBox)
  }

  private final class JSONBox: Sendable {
    let text: SecretJSON
    init(_ text: consuming SecretJSON) { self.text = text }
  }

  private let content: Content
  let rows: [ImportRow]
  private var labels: [ImportField: String] = [:]
  /// Names of the columns, fields or keys in the file that are not imported.
  public let leftOut: [String]

  /// Parses a file.
  ///
  /// - Parameters:
  ///   - bytes: The whole file. It is consumed and kept in guarded memory.
  ///   - format: The file's format.
  ///   - map: Names in the file to take for Custody's fields.
  /// - Throws: `VaultError` with the code `badInput` and the place of the error for a malformed file, or `usage` for
  ///   a map that names no field.
  public init(_ bytes: consuming SecureBytes, _ format: ImportFormat, map: ImportMap = ImportMap()) throws(VaultError) {
    switch format {
    case .csv, .env, .keepassCSV:
      let source = SecretBox(bytes)
      self = try translating { try ImportFile(source, format, map) }
    case .json, .op, .bws, .vaultKV:
      let text: SecretJSON
      do { text = try SecretJSON(bytes) } catch {
        throw .malformed("byte \(error.offset)", "it is not JSON that is read here (\(error.reason))")
      }
      let source = JSONBox(text)
      self = try translating { try ImportFile(source, format, map) }
    }
  }

  private init(_ source: SecretBox, _ format: ImportFormat, _ map: ImportMap) throws {
    content = .bytes(source)
    guard format == .env else {
      var table = format == .csv ? CSVImport(map: map) : CSVImport(keepass: map)
      try table.read(source.bytes)
      (rows, leftOut, labels) = (table.rows, table.leftOut, table.labels)
      return
    }
    var flat = FlatImport(map: map)
    for entry in try EnvText.read(source.bytes) {
      try flat.add(entry.key, at: .line(entry.line), .bytes(entry.value, entry.escape)) {
        source.bytes.text(entry.value, entry.escape)
      }
    }
    (rows, leftOut) = (flat.rows, flat.leftOut)
  }

  private init(_ source: JSONBox, _ format: ImportFormat, _ map: ImportMap) throws {
    content = .json(source)
    switch format {
    case .op:
      var items = OnePasswordImport(map: map)
      try items.read(source.text)
      (rows, leftOut) = (items.rows, items.leftOut)
    case .bws, .vaultKV:
      var flat = FlatImport(map: map)
      if format == .bws { try flat.read(bws: source.text) } else { try flat.read(vault: source.text) }
      (rows, leftOut) = (flat.rows, flat.leftOut)
    default:
      var own = JSONImport()
      try own.read(source.text)
      (rows, leftOut) = (own.rows, [])
    }
  }

  /// The place of a row's field in words: `row 7, column "reach"`, `tokens[3].reach`.
  func text(_ place: ImportPlace, _ field: ImportField) -> String {
    switch place {
    case .row: labels[field].map { "\(place.text), column \"\(PrintableText.escape($0))\"" } ?? place.text
    case .line: place.text
    case .path(let path): path.utf8.last == UInt8(ascii: "]") ? "\(path).\(field.rawValue)" : path
    }
  }

  func secret(at place: SecretPlace) throws -> SecureBytes {
    switch (place, content) {
    case (.bytes(let range, let escape), .bytes(let source)):
      var buffer = try SecureBuffer(capacity: range.count)
      try source.bytes.unescaped(range, escape) { try buffer.append($0) }
      return try buffer.finish()
    case (.json(let value), .json(let source)):
      var found = try source.text.secret(at: value)
      if let secret = found.take() { return secret }
    default: break
    }
    throw VaultError(.failed, "a secret is not where it was read")
  }

  func byteCount(at place: SecretPlace) -> Int {
    switch (place, content) {
    case (.bytes(let range, let escape), .bytes(let source)):
      var count = 0
      source.bytes.unescaped(range, escape) { _ in count += 1 }
      return count
    case (.json(let value), .json(let source)): return source.text.byteCount(at: value)
    default: return 0
    }
  }
}
