import Custody
import CustodyEvidence
import CustodyExchange
import CustodyJSON
import CustodySecrets
import CustodyValues
import Foundation
import Testing

/// Connectors that authenticate by a signature. Without the trait PrivateKeyJWT they are refused.
@Suite struct AssertionTests {
  var connector: ConnectorDetails {
    var connector = ConnectorDetails(name: "crm", provider: "oauth2", connectorID: "client \"1\"")
    connector.clientAuthentication = "assertion"
    connector.endpoint = "https://id.example.com/token"
    return connector
  }

  #if PrivateKeyJWT
    /// Runs OpenSSL: code that did not make the signature checks it.
    private func openssl(_ arguments: [String], _ input: [UInt8] = []) throws -> [UInt8] {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
      process.arguments = arguments
      let (stdin, stdout) = (Pipe(), Pipe())
      (process.standardInput, process.standardOutput, process.standardError) = (stdin, stdout, FileHandle.nullDevice)
      try process.run()
      try stdin.fileHandleForWriting.write(contentsOf: input)
      try stdin.fileHandleForWriting.close()
      let output = try stdout.fileHandleForReading.readToEnd() ?? Data()
      process.waitUntilExit()
      try #require(process.terminationStatus == 0, "openssl \(arguments)")
      return [UInt8](output)
    }

    private func decode(_ part: Substring) throws -> [UInt8] {
      let plain = part.replacing("-", with: "+").replacing("_", with: "/")
      return [UInt8](
        try #require(Data(base64Encoded: plain + String(repeating: "=", count: (4 - plain.count % 4) % 4))))
    }

    /// One half of a signature as an ASN.1 integer.
    private func integer(_ half: ArraySlice<UInt8>) -> [UInt8] {
      let short = Array(half.drop { $0 == 0 })
      let bytes = (short.first ?? 0x80) & 0x80 != 0 ? [0] + short : short
      return [0x02, UInt8(bytes.count)] + bytes
    }

    private func sent(_ provider: String, _ pem: [UInt8]) throws -> String {
      let preset = try #require(Preset.named(provider)?.authenticating(by: .assertion))
      var request = ExchangeRequest(preset: preset, connectorID: "client \"1\"")
      request.variables = ["tenant": "contoso"]
      let name = "assertion-\(UInt32.random(in: 0 ... .max))"
      let server = try #require(TokenServer.plain)
      try server.script(name, Script(WireTests.oauthReply))
      request.endpoint = "http://127.0.0.1:\(server.port)/\(name)"
      let outcome = try request.outcome(secret: String(decoding: pem, as: UTF8.self))
      #expect(outcome.access == "at-1")
      let wire = try #require(server.seen(name).first)
      let body = try #require(wire.split(separator: "\r\n\r\n").last)
      #expect(body.hasPrefix("grant_type=refresh_token&client_id=client+%221%22&client_assertion_type="))
      #expect(body.contains("&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&"))
      #expect(!wire.contains("PRIVATE"))
      let assertion = body.split(separator: "&").first { $0.hasPrefix("client_assertion=") }
      return String(try #require(assertion).dropFirst("client_assertion=".count))
    }

    @Test(
      arguments: [
        ("oauth2", ["ecparam", "-name", "prime256v1", "-genkey", "-noout"], "ES256"),
        ("oauth2", ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"], "ES256"),
        ("oauth2", ["genrsa", "2048"], "RS256"),
        ("entra", ["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"], "PS256"),
      ]) func `a signature that OpenSSL verifies says who asks whom, for five minutes`(
        provider: String, make: [String], algorithm: String
      ) throws
    {
      let folder = try FileManager.default.url(
        for: .itemReplacementDirectory, in: .userDomainMask, appropriateFor: FileManager.default.temporaryDirectory,
        create: true)
      defer { try? FileManager.default.removeItem(at: folder) }
      let key = try openssl(make)
      let assertion = try sent(provider, key)
      let parts = assertion.split(separator: ".", omittingEmptySubsequences: false)
      try #require(parts.count == 3)
      let header = try JSONValue(parsing: decode(parts[0]))
      #expect(header["alg"]?.string == algorithm)
      #expect(header["typ"]?.string == "JWT")
      let claims = try JSONValue(parsing: decode(parts[1]))
      #expect(claims["iss"]?.string == "client \"1\"")
      #expect(claims["sub"] == claims["iss"])
      #expect(claims["aud"]?.string?.hasPrefix("http://127.0.0.1:") == true)
      let (issued, expires) = (try #require(claims["iat"]?.integer), try #require(claims["exp"]?.integer))
      #expect(expires == issued + 300)
      #expect(abs(Date().timeIntervalSince1970 - Double(issued)) < 60)
      var signature = try decode(parts[2])
      if algorithm == "ES256" {
        try #require(signature.count == 64)
        let both = integer(signature[..<32]) + integer(signature[32...])
        signature = [0x30, UInt8(both.count)] + both
      }
      let path = folder.path
      try Data(openssl(["pkey", "-pubout"], key)).write(to: folder.appendingPathComponent("public.pem"))
      try Data(signature).write(to: folder.appendingPathComponent("signature"))
      let padding = algorithm == "PS256" ? ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32"] : []
      _ = try openssl(
        ["dgst", "-sha256", "-verify", path + "/public.pem", "-signature", path + "/signature"] + padding,
        Array("\(parts[0]).\(parts[1])".utf8))
      #expect(try sent(provider, key) != assertion)
    }

    @Test func `a certificate beside the key is named by its SHA-256`() throws {
      let folder = FileManager.default.temporaryDirectory.path + "/custody-\(UUID().uuidString)"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(atPath: folder) }
      let key = try openssl(["genrsa", "2048"])
      try Data(key).write(to: URL(fileURLWithPath: folder + "/key.pem"))
      let certificate = try openssl([
        "req", "-x509", "-new", "-key", folder + "/key.pem", "-subj", "/CN=x", "-days", "2",
      ])
      let digest = try openssl(["dgst", "-sha256", "-binary"], openssl(["x509", "-outform", "DER"], certificate))
      let assertion = try sent("entra", Array("for the sandbox\n".utf8) + certificate + key)
      let header = try JSONValue(parsing: decode(#require(assertion.split(separator: ".").first)))
      #expect(try decode(Substring(header["x5t#S256"]?.string ?? "")) == digest)
    }

    @Test func `what is no private key of a fit kind is refused before it is kept, and before anything is sent`() throws
    {
      let wrong = [
        Array("SECRET1234".utf8), try openssl(["genrsa", "1024"]),
        try openssl(["ecparam", "-name", "secp384r1", "-genkey", "-noout"]),
        try openssl(["genrsa", "2048"]) + openssl(["genrsa", "2048"]),
        try openssl(["pkey", "-pubout"], openssl(["genrsa", "2048"])),
      ]
      for pem in wrong {
        let secret = try SecureBytes(copying: pem)
        let error = #expect(throws: VaultError.self) { try connector.check(secret: secret) }
        #expect(error?.code == .badInput)
      }
      var entra = connector
      (entra.provider, entra.endpoint) = ("entra", nil)
      let key = try SecureBytes(copying: openssl(["ecparam", "-name", "prime256v1", "-genkey", "-noout"]))
      #expect(throws: Never.self) { try connector.check(secret: key) }
      let error = #expect(throws: VaultError.self) { try entra.check(secret: key) }
      #expect(error?.reason.contains("not of the kind for PS256") == true)
    }
  #else
    @Test func `without the trait a connector that signs is refused at once, and asks for nothing`() throws {
      let error = #expect(throws: VaultError.self) { try connector.checkClientAuthentication() }
      #expect(error?.code == .usage)
      #expect(error?.hint?.description.contains("--traits default,PrivateKeyJWT") == true)
      let transport = FakeTransport { _ in (200, "", "{}") }
      var request = ExchangeRequest(preset: try .forConnector(connector), connectorID: "id")
      request.endpoint = connector.endpoint
      #expect(try request.outcome(over: transport).error?.code == .badPreset)
      #expect(transport.asked.withLock { $0 } == [])
    }
  #endif
}
