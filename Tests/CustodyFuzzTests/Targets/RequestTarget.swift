import CustodyCrypto
import CustodyValues

@testable import Custody
@testable import CustodyExchange
@testable import CustodyLog

extension FuzzTarget {
  /// A request as it is signed; and any text, signed by the key that it may bring.
  static let request = FuzzTarget(
    name: "request", longest: 2048,
    words: [JoinRequest.firstLine + "\n", "\nmachine exchange\n", "\nrole auditor\n", "\nname "],
    seeds: {
      let person = Cast.shared.people[0]
      return [nil, MachineUse.exchange].flatMap { machine -> [[UInt8]] in
        let request = JoinRequest(
          vault: person.id, genesis: SHA256.hash([1]), member: person.id, name: "ada", role: .developer,
          keys: person.keys, machine: machine, seedSHA256: SHA256.hash([2]))
        return [request.text, request.signed { Cast.shared.sign($0) }]
      }
    }, run: read(request:))

  private static func read(request bytes: [UInt8]) throws {
    try check(bytes, JoinRequest(parsing: bytes))
    var lines = LineReader(bytes: bytes, end: bytes.count)
    _ = lines.line()
    guard let vault = try? lines.value(of: "vault"), (try? lines.value(of: "genesis")) != nil,
      let member = try? lines.value(of: "member")
    else { return }
    let name = String(decoding: vault, as: UTF8.self) + "/" + String(decoding: member, as: UTF8.self)
    let key = VerifierKey(name: name, ed25519: Cast.shared.people[0].keys.entries.bytes)
    let signed = SignedNote(text: bytes, signatures: [key.line(signature: Cast.shared.sign(bytes))]).bytes
    try check(signed, JoinRequest(parsing: signed))
  }

  private static func check(_ bytes: [UInt8], _ request: JoinRequest?) throws {
    guard let request else { return }
    try hold(bytes.starts(with: request.text), "a request is written in one way")
    try hold(Name.isValid(request.name.utf8), "who asks has a name")
  }

  /// Values that people type.
  static let typed = FuzzTarget(
    name: "typed", longest: 512,
    words: ["2026-11-24", "T00:00:00Z", "+05:30", "https://", "[::1]", "*.", "127.0.0.1", "90d", "#"],
    seeds: {
      [
        "2026-11-24", "2026-11-24T09:00:00.5+05:30", "2026-11-23T13:52:00.250Z", "90s", "30d",
        "https://a.example:8/b?c",
        "http://127.0.0.1:80/", "*.kaiza.la", "contoso/crm#access-token", "http://[::1]/", "42",
        "Authorization: Bearer {token}",
      ].map(utf8)
    }, run: read(typed:))

  private static func read(typed bytes: [UInt8]) throws {
    if let time = Timestamp(rfc3339: bytes) { try hold(time.bytes == bytes, "a time is written in one way") }
    if let number = Decimal.parse(bytes) { try hold(Decimal.format(number) == bytes, "a number is written in one way") }
    if let decoded = Base64.decode(bytes) { try hold(Base64.encode(decoded) == bytes, "base64 is written in one way") }
    if let id = Identifier(hex: bytes) { try hold(utf8(id.hex) == bytes, "an ID is written in one way") }
    try hold(
      LogValue.isCanonical(LogValue.escape(bytes)) || bytes.isEmpty || bytes.first == 0x20 || bytes.last == 0x20,
      "what is escaped is canonical")
    try hold(PrintableText.isClean(PrintableText.escape(bytes: bytes)), "what is escaped is fit to be shown")
    let text = String(decoding: bytes, as: UTF8.self)
    for edge in [Timestamp.DateEdge.start, .end] {
      if let time = try? Timestamp(typed: text, date: edge) {
        try hold(Timestamp(rfc3339: time.bytes) == time, "a time that is typed can be logged")
      }
    }
    if let span = TimeSpan(typed: text) {
      try hold(TimeSpan(typed: span.text) == span, "a span is typed as it is shown")
    }
    if let endpoint = try? Endpoint(text) {
      try hold((try? Endpoint(endpoint.text)) == endpoint, "a URL is typed as it is shown")
      if let pattern = HostPattern(endpoint.host) { try hold(pattern.allows(endpoint), "a host allows itself") }
    }
    if let pattern = HostPattern(text) { _ = (try? Endpoint("https://a.kaiza.la")).map { pattern.allows($0) } }
    if let reference = try? Reference(typed: text) { try hold(reference.text == text, "a reference is typed as shown") }
    _ = (AccessHeader(text), URLTemplate(text)?.filled(["tenant": "a"]), Tile(path: text), PrintableText.width(text))
    _ = QueryText.decode(text[...])
    try hold(QueryText.decode(QueryText.encode(text)[...]) == text, "a query's text comes back")
  }
}
