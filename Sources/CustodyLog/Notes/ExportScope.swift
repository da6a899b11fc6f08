internal import CustodyCrypto
public import CustodyValues

/// An exporter's signed statement of which part of a log an export covers.
///
/// A part proves each of its entries. It can't prove that none was left out: for that one relies on the exporter.
public struct ExportScope: Equatable, Sendable {
  /// First line of the signed text.
  public static let firstLine = "custody-scope/v1"
  /// Length of the salt in bytes.
  public static let saltCount = 16

  /// The entries that an export asks for, by plain names. An entry must meet all conditions that are set.
  public struct Filter: Equatable, Sendable {
    /// Actions of which an entry must have one. Empty for any.
    public var actions: [Action] = []
    /// The member who signed the entries.
    public var actor: Person?
    /// Name of the token that the entries are about: `TENANT/CONNECTOR`.
    public var token: String?
    /// Tenant of the token that the entries are about.
    public var tenant: String?
    /// Earliest time of an entry, inclusive.
    public var since: Timestamp?
    /// Latest time of an entry, exclusive.
    public var until: Timestamp?

    package init() {}
  }

  /// A member, by ID and name.
  public struct Person: Equatable, Sendable {
    /// The member's ID.
    public let id: Identifier
    /// The member's name.
    public let name: String

    package init(id: Identifier, name: String) { (self.id, self.name) = (id, name) }
  }

  /// The member who exported and signed.
  public let exporter: Identifier
  /// Time of the export, by the exporter's clock.
  public let time: Timestamp
  /// The checkpoint of the log that was exported from.
  public let head: Checkpoint
  /// 16 random bytes. The log names the scope by a hash, from which somebody could otherwise guess a tenant's name.
  public let salt: [UInt8]
  /// The filter that chose the entries.
  public let filter: Filter
  /// Count of tokens whose names the exporter could not decrypt, if the filter asks for names. None of their entries is
  /// included.
  public let unread: UInt64
  /// Count of the entries that the filter admits.
  public let entries: UInt64
  /// SHA-256 over the positions of these entries, in ascending order, each in 8 bytes, little-endian.
  public let indexes: Digest

  package init(
    exporter: Identifier, time: Timestamp, head: Checkpoint, salt: [UInt8], filter: Filter, unread: UInt64,
    entries: UInt64, indexes: Digest
  ) {
    (self.exporter, self.time, self.head, self.salt, self.filter) = (exporter, time, head, salt, filter)
    (self.unread, self.entries, self.indexes) = (unread, entries, indexes)
  }

  /// The text that a `log.export` entry names by its hash before anything is written: all signed lines but the last.
  public var text: [UInt8] {
    func base64(_ bytes: [UInt8]) -> String { String(decoding: Base64.encode(bytes), as: UTF8.self) }
    let lines =
      [
        Self.firstLine, "log \(head.origin)", "exporter \(exporter.hex)", "time \(time.text)", "size \(head.size)",
        "root \(base64(head.root.bytes))", "salt \(base64(salt))",
      ] + filter.lines + ["unread \(unread)", "entries \(entries)", "indexes \(base64(indexes.bytes))"]
    return Array((lines.joined(separator: "\n") + "\n").utf8)
  }

  /// Signs the scope together with the exported lines.
  ///
  /// - Parameters:
  ///   - lines: SHA-256 of all lines of `log.jsonl` but the last.
  ///   - publicKey: The exporter's Ed25519 public key for entries.
  ///   - sign: Signs with the private half of that key.
  /// - Returns: The signed note.
  /// - Throws: Only what `sign` throws.
  package func signed(
    lines: Digest, publicKey: Digest, by sign: ([UInt8]) throws -> [UInt8]
  ) rethrows -> SignedNote {
    let key = VerifierKey(name: Entry.keyName(origin: head.origin, member: exporter), ed25519: publicKey)
    let whole = text + Self.ending(lines)
    return SignedNote(text: whole, signatures: [key.line(signature: try sign(whole))])
  }

  static func ending(_ lines: Digest) -> [UInt8] { Array("lines ".utf8) + Base64.encode(lines) + [0x0a] }

  static func read(_ text: [UInt8]) -> ExportScope? {
    var lines = LineReader(bytes: text, end: text.count)
    _ = lines.line()
    func value(_ word: String) -> ArraySlice<UInt8> { (try? lines.value(of: word)) ?? [] }
    func string(_ word: String) -> String { String(decoding: value(word), as: UTF8.self) }
    let origin = string("log")
    guard let exporter = Identifier(hex: value("exporter")), let time = Timestamp(rfc3339: value("time")),
      let size = Decimal.parse(value("size")), let root = Base64.digest(value("root")),
      let salt = Base64.decode(value("salt")), salt.count == saltCount
    else { return nil }
    var filter = Filter()
    var ahead = lines
    while let line = ahead.next(), !text[line.word].elementsEqual("unread".utf8) {
      guard filter.read(text[line.word], text[line.value]) else { return nil }
      lines = ahead
    }
    guard let unread = Decimal.parse(value("unread")), let entries = Decimal.parse(value("entries")),
      let indexes = Base64.digest(value("indexes"))
    else { return nil }
    return ExportScope(
      exporter: exporter, time: time, head: Checkpoint(origin: origin, size: size, root: root), salt: salt,
      filter: filter, unread: unread, entries: entries, indexes: indexes)
  }
}

extension ExportScope.Filter {
  fileprivate var lines: [String] {
    func line(_ word: String, _ value: String?) -> [String] { value.map { ["\(word) \($0)"] } ?? [] }
    return actions.map { "action \($0.rawValue)" } + line("actor", actor.map { "\($0.id.hex) \($0.name)" })
      + line("token", token) + line("tenant", tenant) + line("since", since?.text) + line("until", until?.text)
  }

  /// Reads one line. Lines that are repeated or out of order are refused later, since they don't format back to the
  /// same text.
  fileprivate mutating func read(_ word: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>) -> Bool {
    let text = String(decoding: value, as: UTF8.self)
    switch String(decoding: word, as: UTF8.self) {
    case "action":
      guard let action = Action(rawValue: text) else { return false }
      actions.append(action)
    case "actor":
      let words = value.split(separator: 0x20, maxSplits: 1)
      guard words.count == 2, let id = Identifier(hex: words[0]) else { return false }
      actor = ExportScope.Person(id: id, name: String(decoding: words[1], as: UTF8.self))
    case "token": token = text
    case "tenant": tenant = text
    case "since":
      since = Timestamp(rfc3339: value)
      return since != nil
    case "until":
      until = Timestamp(rfc3339: value)
      return until != nil
    default: return false
    }
    return true
  }

  /// True if the filter has a condition, and all its names have the syntax of names: they are shown to people.
  public var isPlain: Bool {
    let parts = token.map { $0.utf8.split(separator: 0x2f, omittingEmptySubsequences: false) }
    return !lines.isEmpty && actor.map { Name.isValid($0.name.utf8) } ?? true
      && tenant.map { Name.isValid($0.utf8) } ?? true
      && parts.map { $0.count == 2 && $0.allSatisfy { Name.isValid($0) } } ?? true
  }

  /// True if the filter compares names of tokens or tenants.
  public var asksForNames: Bool { token != nil || tenant != nil }

  /// The conditions in plain English, for people.
  public var words: String {
    var words: [String] = []
    if !actions.isEmpty { words.append(actions.map(\.rawValue).joined(separator: " or ")) }
    if let actor { words.append("by \(actor.name)") }
    if let token { words.append("about the token \(token)") }
    if let tenant { words.append("about tokens of the tenant \(tenant)") }
    if let since { words.append("from \(since.text) on") }
    if let until { words.append("before \(until.text)") }
    return words.joined(separator: ", ")
  }

  /// True if the entry meets all conditions.
  ///
  /// - Parameters:
  ///   - entry: The entry.
  ///   - about: The proved name and tenant of its token. Nil if its item is no token, or the name is not known.
  package func admits(_ entry: Entry, token about: (name: String, tenant: String)?) -> Bool {
    if !actions.isEmpty, !actions.contains(entry.action) { return false }
    if let actor, entry.actor != actor.id { return false }
    if let token, about?.name.hasSameBytes(as: token) != true { return false }
    if let tenant, about?.tenant.hasSameBytes(as: tenant) != true { return false }
    if let since, entry.time < since { return false }
    if let until, entry.time >= until { return false }
    return true
  }
}
