import CustodyEvidence
import Custody
import CustodyTesting
import Foundation
import Testing

/// Headless Chromium, which opens a file and prints the page as it is in the end.
enum Browser {
  static let path = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]
    .first { FileManager.default.isExecutableFile(atPath: $0) }

  struct Page {
    let dom: String
    /// Lines that the page wrote to its console, violations of its content policy included.
    let console: [Substring]

    /// `good`, `bad` or `unable`.
    var verdict: String? { dom.firstMatch(of: /data-state="([a-z]+)"/).map { String($0.1) } }

    /// Position of the first entry that breaks this.
    func index(_ kind: String) -> String? {
      (try? Regex("data-kind=\"\(kind)\" data-index=\"([0-9]*)\"").firstMatch(in: dom))?[1].substring.map(String.init)
    }
  }

  static func open(_ file: String, profile: String) throws -> Page {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(path))
    process.arguments = [
      "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-extensions",
      "--user-data-dir=\(profile)", "--enable-logging=stderr", "--virtual-time-budget=60000", "--dump-dom",
      "file://" + file,
    ]
    let (out, errors) = (profile + ".out", profile + ".err")
    for name in [out, errors] { _ = FileManager.default.createFile(atPath: name, contents: nil) }
    process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: out))
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errors))
    try process.run()
    process.waitUntilExit()
    let said = try String(contentsOfFile: errors, encoding: .utf8).split(separator: "\n")
    return Page(
      dom: try String(contentsOfFile: out, encoding: .utf8), console: said.filter { $0.contains("CONSOLE") })
  }
}

/// The HTML report of a vault, as an auditor exports it and as somebody changes it.
enum ReportPage {
  static func of(_ vault: TemporaryVault, _ filter: LogFilter = LogFilter()) throws -> String {
    var bytes: [UInt8] = []
    _ = try vault.session(.audrey).exportLog(filter, .html) { bytes += $0 }
    return try #require(String(validating: bytes, as: UTF8.self))
  }

  static func open(_ report: String, in folder: String) throws -> Browser.Page {
    let name = folder + "/" + UUID().uuidString
    // To look at.
    if let kept = ProcessInfo.processInfo.environment["CUSTODY_KEEP_REPORTS"] {
      try report.write(toFile: kept + "/" + UUID().uuidString + ".html", atomically: false, encoding: .utf8)
    }
    try report.write(toFile: name + ".html", atomically: false, encoding: .utf8)
    return try Browser.open(name + ".html", profile: name)
  }

  /// The lines of the log changed, the page around them as it was.
  static func changed(_ report: String, _ change: (inout [String]) throws -> Void) throws -> String {
    let start = try #require(report.range(of: "id=\"log\">\n")).upperBound
    let end = try #require(report.range(of: "</script>\n<script>")).lowerBound
    var lines = report[start..<end].split(separator: "\n").map(String.init)
    try change(&lines)
    return report[..<start] + lines.joined(separator: "\n") + "\n" + report[end...]
  }
}
