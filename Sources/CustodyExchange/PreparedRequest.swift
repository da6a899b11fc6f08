internal import CustodyMemory

/// A request's header lines and body, written from secrets in secret memory, and the list of what must not come back.
struct PreparedRequest: ~Copyable {
  let headers: SecureBytes
  let body: SecureBytes
  let scrubber: Scrubber
}

/// Writes each value where the preset puts it.
struct RequestWriter: ~Copyable {
  private var headers: SecureBuffer
  private var form: SecureBuffer
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
      var writer = try RequestWriter()
      try writer.writeFixed(sends, inForm: true)
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
      try writer.writeFixed(sends, inForm: false)
      try writer.scrubber.hide(connectorSecret)
      try writer.scrubber.hide(refreshToken)
      return try writer.finish(request.preset.body)
    } catch let error as ExchangeError {
      throw error
    } catch {
      throw ExchangeError(.noMemory, "cannot ask the provider: there is no memory for secrets")
    }
  }

  private init() throws(SecureMemoryError) {
    let headers = try SecureBuffer(capacity: 4096)
    let form = try SecureBuffer(capacity: 4096)
    let scrubber = try Scrubber()
    self.headers = headers
    self.form = form
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

  private mutating func writeFixed(_ sends: Preset.Sends, inForm: Bool) throws(SecureMemoryError) {
    for fixed in sends.fixed {
      let isForm = if case .form = fixed.place { true } else { false }
      if isForm == inForm { try put(SecureBytes(copying: Array(fixed.value.utf8)), at: fixed.place) }
    }
  }

  private mutating func put(_ value: borrowing SecureBytes, at place: Preset.Place) throws(SecureMemoryError) {
    switch place {
    case .header(let name):
      try headers.append(name + ": ")
      try headers.append(value)
      try headers.append(0)
    case .form(let name):
      if form.count > 0 { try form.append("&") }
      try form.appendForm(name)
      try form.append("=")
      try form.appendForm(value)
    case .json, .basicUser, .basicPassword: break  // both at once, in putBasic
    }
  }

  private mutating func putBasic(user: String, password: borrowing SecureBytes) throws(SecureMemoryError) {
    let credentials = try SecureBytes.basic(user: user, password: password)
    try headers.append("Authorization: Basic ")
    try headers.append(credentials)
    try headers.append(0)
    try scrubber.hide(credentials)
  }

  private consuming func finish(_ body: Preset.Body) throws(SecureMemoryError) -> PreparedRequest {
    if body == .form {
      try headers.append("Content-Type: application/x-www-form-urlencoded")
      try headers.append(0)
    }
    try headers.append(0)
    return PreparedRequest(headers: try headers.finish(), body: try form.finish(), scrubber: scrubber)
  }
}
