internal import CustodyJSON
internal import CustodySecrets
internal import CustodyValues

/// Writes values into a request's headers and body without their leaving guarded memory.
struct RequestWriter: ~Copyable {
  let kind: Preset.Body
  private var headers: SecureBuffer
  private var body: SecureBuffer
  private var scrubber: Scrubber

  /// Returns the request that `write` has filled in, with its `Content-Type`.
  static func writing(
    _ kind: Preset.Body, _ write: (inout RequestWriter) throws(ExchangeError) -> Void
  ) throws(ExchangeError) -> PreparedRequest {
    do {
      var writer = try RequestWriter(kind)
      try write(&writer)
      return try writer.finish()
    } catch let error as ExchangeError {
      throw error
    } catch {
      throw Self.noMemory
    }
  }

  private static var noMemory: ExchangeError {
    ExchangeError(.noMemory, "cannot ask the provider: there is no memory for secrets")
  }

  private init(_ kind: Preset.Body) throws(SecureMemoryError) {
    let headers = try SecureBuffer(capacity: 4096)
    let body = try SecureBuffer(capacity: 4096)
    let scrubber = try Scrubber()
    self.kind = kind
    self.headers = headers
    self.body = body
    self.scrubber = scrubber
  }

  /// Keeps a value out of texts that quote the reply.
  mutating func hide(_ value: borrowing SecureBytes) throws(ExchangeError) {
    do { try scrubber.hide(value) } catch { throw Self.noMemory }
  }

  mutating func hide(text: String) throws(ExchangeError) {
    let bytes: SecureBytes
    do { bytes = try SecureBytes(copying: Array(text.utf8)) } catch { throw Self.noMemory }
    try hide(bytes)
  }

  /// Puts constant values, which the preset's parser has checked.
  mutating func put(_ fixed: [Preset.Fixed]) throws(ExchangeError) {
    do {
      for value in fixed { try write(SecureBytes(copying: Array(value.value.utf8)), at: value.place) }
    } catch {
      throw Self.noMemory
    }
  }

  /// Puts a value that is not secret.
  mutating func put(_ value: String, at place: Preset.Place, as name: String) throws(ExchangeError) {
    let bytes: SecureBytes
    do { bytes = try SecureBytes(copying: Array(value.utf8)) } catch { throw Self.noMemory }
    try put(bytes, at: place, as: name)
  }

  mutating func put(_ value: borrowing SecureBytes, at place: Preset.Place, as name: String) throws(ExchangeError) {
    try Self.check(value, at: place, as: name)
    do { try write(value, at: place) } catch let error as JSONError where error.reason != .noMemory {
      throw ExchangeError(.unsendable, "cannot send the \(name): it is not UTF-8 text, and goes into JSON")
    } catch {
      throw Self.noMemory
    }
  }

  /// Puts HTTP Basic credentials (RFC 6749, section 2.3.1).
  mutating func putBasic(user: String, password: borrowing SecureBytes) throws(ExchangeError) {
    guard !user.isEmpty else { throw ExchangeError(.unsendable, "cannot send the connector ID: it is empty") }
    guard !password.isEmpty else { throw ExchangeError(.unsendable, "cannot send the connector secret: it is empty") }
    do {
      let credentials = try SecureBytes.basic(user: user, password: password)
      try headers.append("Authorization: Basic ")
      try headers.append(credentials)
      try headers.append(0)
      try scrubber.hide(credentials)
    } catch {
      throw Self.noMemory
    }
  }

  /// Refuses values that can't be sent. A line end in a header would begin another header.
  private static func check(
    _ value: borrowing SecureBytes, at place: Preset.Place, as name: String
  ) throws(ExchangeError) {
    guard !value.isEmpty else { throw ExchangeError(.unsendable, "cannot send the \(name): it is empty") }
    guard case .header = place else { return }
    guard value.allSatisfy({ 0x21...0x7E ~= $0 }) else {
      throw ExchangeError(.unsendable, "cannot send the \(name): it has bytes that no header can carry")
    }
  }

  private mutating func write(_ value: borrowing SecureBytes, at place: Preset.Place) throws {
    switch place {
    case .header(let name):
      try headers.append(name + ": ")
      try headers.append(value)
      try headers.append(0)
    case .form(let name):
      if body.count > 0 { try body.append("&") }
      try body.appendForm(name)
      try body.append("=")
      try body.appendForm(value)
    case .json(let name):
      try body.append(body.count > 0 ? ",\"" : "{\"")
      try body.append(name)  // letters, digits, - _ and . only
      try body.append("\":")
      try body.appendJSON(value)
    case .basicUser, .basicPassword, .assertion: break  // made of several values by putBasic and putClient
    }
  }

  private consuming func finish() throws(SecureMemoryError) -> PreparedRequest {
    let type: String? =
      switch kind {
      case .none: nil
      case .form: "application/x-www-form-urlencoded"
      case .json: "application/json"
      }
    if let type {
      try headers.append("Content-Type: " + type)
      try headers.append(0)
    }
    if kind == .json { try body.append(body.count > 0 ? "}" : "{}") }
    try headers.append(0)
    return PreparedRequest(headers: try headers.finish(), body: try body.finish(), scrubber: scrubber)
  }
}
