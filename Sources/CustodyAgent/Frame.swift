internal import CustodySecrets
internal import CustodyValues

/// One message: its kind and its fields. All of it is in guarded memory, because some fields carry keys.
struct Frame: ~Copyable {
  static let version: UInt8 = 2
  /// The most bytes of fields: 64 KiB. A log entry has at most 16 KiB, and nothing longer is signed.
  static let limit = 64 << 10
  /// Bytes of a message's head: length of the rest (4 bytes, big-endian), version, kind.
  static let headCount = 6

  let kind: UInt8
  /// The message's bytes. A message to send has its head in front, so that it is sent without a copy: a new piece of
  /// guarded memory costs 31 µs.
  let bytes: SecureBytes
  let body: Range<Int>

  /// A message that was received.
  init(kind: UInt8, body bytes: consuming SecureBytes) {
    self.kind = kind
    body = 0..<bytes.count
    self.bytes = bytes
  }

  /// A message to send.
  fileprivate init(kind: UInt8, writing fields: consuming SecureBuffer) {
    var fields = fields
    let count = fields.count
    let head = UInt64(count - Self.headCount + 2).bigEndianBytes(4) + [Self.version, kind]
    for (place, byte) in head.enumerated() { fields.replace(byte, at: place) }
    self.kind = kind
    body = Self.headCount..<count
    bytes = fields.finishWithRoom()
  }

  /// Parses a head. The version is checked before the length, so that another version is reported as such.
  static func head(_ bytes: [UInt8]) throws(AgentError) -> (kind: UInt8, bodyCount: Int) {
    guard bytes.count == headCount else { throw .malformed }
    guard bytes[4] == version else { throw .otherVersion(bytes[4]) }
    let count = Int(UInt64(bigEndianBytes: bytes[..<4]))
    guard count >= 2, count - 2 <= limit else { throw .malformed }
    return (bytes[5], count - 2)
  }
}

/// Puts fields together: each is its length (4 bytes) and its bytes.
struct FieldWriter: ~Copyable {
  private var out: SecureBuffer

  init() throws(SecureMemoryError) {
    var room = try SecureBuffer(capacity: 1024)
    do { for _ in 0..<Frame.headCount { try room.append(0) } } catch { throw error }
    out = room
  }

  mutating func add(_ bytes: [UInt8]) throws(SecureMemoryError) {
    try addCount(bytes.count)
    for byte in bytes { try out.append(byte) }
  }

  mutating func add(_ text: String) throws(SecureMemoryError) { try add(Array(text.utf8)) }

  mutating func add(_ number: UInt64) throws(SecureMemoryError) { try add(number.bigEndianBytes()) }

  mutating func add(_ secret: borrowing SecureBytes) throws(SecureMemoryError) {
    try addCount(secret.count)
    try out.append(secret)
  }

  private mutating func addCount(_ count: Int) throws(SecureMemoryError) {
    for byte in UInt64(count).bigEndianBytes(4) { try out.append(byte) }
  }

  consuming func frame(_ kind: UInt8) -> Frame { Frame(kind: kind, writing: out) }
}

/// Reads the fields of a message. A field that is short or too long, and bytes that are left over, are malformed.
struct FieldReader: ~Copyable {
  private let body: SecureBytes
  private let end: Int
  private var place: Int

  init(_ frame: consuming Frame) {
    (place, end) = (frame.body.lowerBound, frame.body.upperBound)
    body = frame.bytes
  }

  mutating func secret() throws(AgentError) -> SecureBytes {
    let range = try next()
    do { return try body.slice(range) } catch { throw .outOfMemory }
  }

  mutating func bytes() throws(AgentError) -> [UInt8] { try next().compactMap { body.byte(at: $0) } }

  mutating func number() throws(AgentError) -> UInt64 {
    let bytes = try bytes()
    guard bytes.count == 8 else { throw .malformed }
    return UInt64(bigEndianBytes: bytes[...])
  }

  mutating func flag() throws(AgentError) -> Bool {
    let number = try number()
    guard number <= 1 else { throw .malformed }
    return number == 1
  }

  mutating func identifier() throws(AgentError) -> Identifier {
    guard let id = Identifier(try bytes()) else { throw .malformed }
    return id
  }

  mutating func digest() throws(AgentError) -> Digest {
    guard let digest = Digest(try bytes()) else { throw .malformed }
    return digest
  }

  mutating func text(limit: Int) throws(AgentError) -> String {
    let bytes = try bytes()
    guard bytes.count <= limit, let text = String(validating: bytes, as: UTF8.self) else { throw .malformed }
    return text
  }

  var isAtEnd: Bool { place == end }

  func finish() throws(AgentError) { guard isAtEnd else { throw .malformed } }

  private mutating func next() throws(AgentError) -> Range<Int> {
    guard place + 4 <= end else { throw .malformed }
    let count = Int(UInt64(bigEndianBytes: (place..<place + 4).map { body.byte(at: $0) ?? 0 }[...]))
    place += 4
    guard count <= end - place else { throw .malformed }
    defer { place += count }
    return place..<place + count
  }
}
