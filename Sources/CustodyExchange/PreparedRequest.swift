internal import CustodyJSON
internal import CustodyMemory

/// A request's header lines and body, written from secrets in secret memory, and the list of what must not come back.
struct PreparedRequest: ~Copyable {
  let headers: SecureBytes
  let body: SecureBytes
  let scrubber: Scrubber
}

/// Writes each value where the preset puts it.
struct RequestWriter: ~Copyable {
  private let kind: Preset.Body
  private var headers: SecureBuffer
  private var body: SecureBuffer
  private var scrubber: Scrubber

  static func write(
    _ request: ExchangeRequest, _ connectorSecret: borrowing SecureBytes, _ refreshToken: borrowing SecureBytes
  ) throws(ExchangeError) -> PreparedRequest {
    let sends = request.preset.sends
    try check(connectorSecret, at: sends.connectorSecret, as: "connector secret")
    try check(refreshToken, at: sends.refreshToken, as: "refresh token")
    do {
      let id = try SecureBytes(copying: Array(request.connectorID.utf8))
      try check(id, at: sends.connectorID, as: "connector ID")
      var writer = try RequestWriter(request.preset.body)
      try writer.writeFixed(sends, inBody: true)
      try writer.put(id, at: sends.connectorID)
      try writer.put(connectorSecret, at: sends.connectorSecret)
      try writer.put(refreshToken, at: sends.refreshToken)
      if sends.connectorID == .basicUser {
        try writer.putBasic(user: request.connectorID, password: connectorSecret)
      }
      if let place = sends.scope, let scope = request.scope {
        let value = try SecureBytes(copying: Array(scope.utf8))
        try check(value, at: place, as: "scope")
        try writer.put(value, at: place)
      }
      try writer.writeFixed(sends, inBody: false)
      try writer.scrubber.hide(connectorSecret)
      try writer.scrubber.hide(refreshToken)
      return try writer.finish()
    } catch let error as ExchangeError {
      throw error
    } catch let error as JSONError where error.reason != .noMemory {
      throw ExchangeError(.unsendable, "cannot send a value: it is not UTF-8 text, and goes into JSON")
    } catch {
      throw ExchangeError(.noMemory, "cannot ask the provider: there is no memory for secrets")
    }
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

  /// A line end in a header would begin a header of its own (ATTACKS T13, from our side).
  private static func check(
    _ value: borrowing SecureBytes, at place: Preset.Place, as name: String
  ) throws(ExchangeError) {
    guard !value.isEmpty else { throw ExchangeError(.unsendable, "cannot send the \(name): it is empty") }
    guard case .header = place else { return }
    guard value.allSatisfy({ 0x21...0x7E ~= $0 }) else {
      throw ExchangeError(.unsendable, "cannot send the \(name): it has bytes that no header can carry")
    }
  }

  private mutating func writeFixed(_ sends: Preset.Sends, inBody: Bool) throws {
    for fixed in sends.fixed where (fixed.place.body != .none) == inBody {
      try put(SecureBytes(copying: Array(fixed.value.utf8)), at: fixed.place)
    }
  }

  private mutating func put(_ value: borrowing SecureBytes, at place: Preset.Place) throws {
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
    case .basicUser, .basicPassword: break  // both at once, in putBasic
    case .assertion: break
    }
  }

  private mutating func putBasic(user: String, password: borrowing SecureBytes) throws(SecureMemoryError) {
    let credentials = try SecureBytes.basic(user: user, password: password)
    try headers.append("Authorization: Basic ")
    try headers.append(credentials)
    try headers.append(0)
    try scrubber.hide(credentials)
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
    if kind == .json { try body.append("}") }
    try headers.append(0)
    return PreparedRequest(headers: try headers.finish(), body: try body.finish(), scrubber: scrubber)
  }
}
