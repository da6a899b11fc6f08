import CustodyExchange
import CustodyJSON
import Foundation
import Testing

/// ATTACKS T3: certificates from a private authority, made afresh with openssl.
final class Certificates: Sendable {
  static let made = try? Certificates()
  let folder: String

  init() throws {
    let folder = NSTemporaryDirectory() + "custody-tls-\(UUID().uuidString)"
    self.folder = folder
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for authority in ["ours", "theirs"] {
      try Self.openssl(
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=\(authority)"
          + " -keyout \(authority).key -out \(authority).pem", in: folder)
    }
    try issue("good", name: "localhost", days: 2)
    try issue("wrong-name", name: "other.example", days: 2)
    try issue("expired", name: "localhost", days: -1)
  }

  private func issue(_ file: String, name: String, days: Int) throws {
    try "subjectAltName=DNS:\(name)\n".write(toFile: "\(folder)/\(file).ext", atomically: true, encoding: .utf8)
    try Self.openssl(
      "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=\(name) -keyout \(file).key -out \(file).csr",
      in: folder)
    try Self.openssl(
      "x509 -req -in \(file).csr -CA ours.pem -CAkey ours.key -CAcreateserial -days \(days) -extfile \(file).ext -out \(file).pem",
      in: folder)
  }

  private static func openssl(_ arguments: String, in folder: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["openssl"] + arguments.split(separator: " ").map(String.init)
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.standardError = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "openssl \(arguments)")
  }

  /// The control socket is plain, so a TLS server can't be told anything: it knows /echo-token and /go-PORT.
  func server(_ certificate: String) throws -> TokenServer {
    try TokenServer(["\(folder)/\(certificate).pem", "\(folder)/\(certificate).key"])
  }
}

@Suite struct TLSTests {
  func outcome(_ server: TokenServer, authority: String?, path: String = "tls") throws -> Outcome {
    let made = try #require(Certificates.made)
    var request = ExchangeRequest(preset: try #require(Preset.test("oauth2/post")), connectorID: "id")
    request.endpoint = "https://localhost:\(server.port)/\(path)"
    request.caFile = authority.map { "\(made.folder)/\($0).pem" }
    request.timeLimit = .seconds(3)
    return try request.outcome()
  }

  @Test func `a private authority is trusted when it is named`() throws {
    let server = try #require(Certificates.made).server("good")
    #expect(try outcome(server, authority: "ours", path: "echo-token").access == "at-tls")
  }

  @Test(
    arguments: [
      ("good", nil), ("good", "theirs"), ("good", "absent"), ("wrong-name", "ours"), ("expired", "ours"),
    ] as [(String, String?)])
  func `a certificate that does not hold ends it before the request is sent`(certificate: String, authority: String?)
    throws
  {
    let server = try #require(Certificates.made).server(certificate)
    let error = try outcome(server, authority: authority).error
    #expect(error?.code == .tlsFailed)
    #expect(error?.mayHaveArrived == false)
  }

  @Test func `https to a server that speaks plain http fails before the request is sent`() throws {
    let plain = try #require(TokenServer.plain)
    let error = try outcome(plain, authority: "ours").error
    #expect(error?.code == .tlsFailed)
    #expect(error?.mayHaveArrived == false)
  }

  // A 308 over real TLS, from one port to another; the preset names localhost as its provider's host.
  @Test(arguments: ["localhost", "elsewhere.example"]) func `a 308 over TLS is followed only to a named host`(
    host: String
  ) throws {
    let made = try #require(Certificates.made)
    let (first, second) = (try made.server("good"), try made.server("good"))
    var text = try #require(Preset.named("oauth2")?.json.object)
    text["hosts"] = [.string(host)]
    text["follows_308"] = true
    var request = ExchangeRequest(preset: try Preset(.object(text)), connectorID: "id")
    request.endpoint = "https://localhost:\(first.port)/go-\(second.port)"
    request.caFile = made.folder + "/ours.pem"
    let outcome = try request.outcome()
    #expect(outcome.access == (host == "localhost" ? "at-tls" : nil))
    #expect(outcome.error?.code == (host == "localhost" ? nil : .redirected))
  }
}
