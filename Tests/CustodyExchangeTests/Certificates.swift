import Foundation
import Testing

/// Certificates from private authorities, made with openssl for each run.
final class Certificates: Sendable {
  static let made = try? Certificates()
  let folder: String

  /// The validity of a certificate.
  private enum Time: String {
    case now = "-startdate 20260101000000Z -enddate 20491231000000Z"
    case past = "-startdate 20200101000000Z -enddate 20200201000000Z"
    case future = "-startdate 20490101000000Z -enddate 20491231000000Z"
  }

  init() throws {
    folder = NSTemporaryDirectory() + "custody-tls-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try write(
      """
      [ca]
      default_ca = here
      [here]
      new_certs_dir = .
      database = index.txt
      rand_serial = yes
      default_md = sha256
      unique_subject = no
      policy = any
      [any]
      commonName = supplied

      """, to: "ca.cnf")
    try write("", to: "index.txt")
    for authority in ["ours", "theirs", "self-signed"] {
      let name = authority == "self-signed" ? "localhost" : authority
      try openssl(
        "req -x509 \(Self.key) -days 2 -subj /CN=\(name) -addext subjectAltName=DNS:\(name)"
          + " -keyout \(authority).key -out \(authority).pem")
    }
    try write(try read("ours.pem") + read("theirs.pem"), to: "both.pem")
    try issue("good")
    try issue("wrong-name", name: "other.example")
    try issue("expired", .past)
    try issue("not-yet", .future)
    try issue("for-clients", also: "extendedKeyUsage=clientAuth\n")
    try issue("provider", name: "id.example.com")
    // A certificate issued by another server's certificate, which is no authority.
    try issue("by-a-leaf", from: "good")
    try issue("between", name: "between", also: "basicConstraints=critical,CA:TRUE\n")
    try issue("chained", from: "between")
    try write(try read("chained.pem") + read("between.pem"), to: "chain.pem")
    try write(try read("chained.key"), to: "chain.key")
    try write(try read("by-a-leaf.pem") + read("good.pem"), to: "leaf-chain.pem")
    try write(try read("by-a-leaf.key"), to: "leaf-chain.key")
  }

  private static let key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"

  private func issue(
    _ file: String, name: String = "localhost", _ time: Time = .now, from authority: String = "ours",
    also extensions: String = "basicConstraints=CA:FALSE\n"
  ) throws {
    try write("subjectAltName=DNS:\(name)\n" + extensions, to: "\(file).ext")
    try openssl("req \(Self.key) -subj /CN=\(name) -keyout \(file).key -out \(file).csr")
    try openssl(
      "ca -batch -config ca.cnf -cert \(authority).pem -keyfile \(authority).key -notext -extfile \(file).ext"
        + " \(time.rawValue) -in \(file).csr -out \(file).pem")
  }

  private func write(_ text: String, to file: String) throws {
    try text.write(toFile: "\(folder)/\(file)", atomically: true, encoding: .utf8)
  }

  private func read(_ file: String) throws -> String {
    try String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)
  }

  private func openssl(_ arguments: String) throws {
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

  func path(_ file: String) -> String { "\(folder)/\(file)" }

  /// A TLS server with this certificate.
  func server(_ certificate: String, _ more: [String] = []) throws -> TokenServer {
    try TokenServer(["--tls", path(certificate + ".pem"), path(certificate + ".key")] + more)
  }
}
