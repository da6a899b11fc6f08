import CustodyTesting
import Foundation
import Testing

/// `Examples/FoundingFlow`, as an adopter builds it and runs it.
@Suite(.timeLimit(.minutes(60))) struct ExampleTests {
  @Test func `the example builds without the command's packages, and hands a token over`() throws {
    let (process, pipe) = (Process(), Pipe())
    process.executableURL = House.root.appendingPathComponent("scripts/example")
    process.environment = ProcessInfo.processInfo.environment.merging(["BIN": Products.folder]) { $1 }
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(output.suffix(4000))")
    #expect(output.contains("an access token of "), "\(output.suffix(4000))")
    #expect(output.contains("6 entries shown, 7 verified"), "\(output.suffix(4000))")
    let fetched = House.root.appendingPathComponent("Examples/FoundingFlow/.build/checkouts").path
    #expect(
      (try? FileManager.default.contentsOfDirectory(atPath: fetched)) ?? [] == [], "an adopter's build fetched packages"
    )
  }

  /// `custody help`, manual pages and hints at a slip of the finger come from the parser's description of itself, which it
  /// does not promise to keep. After a new version of it, look at these, then name it here.
  @Test func `the parser's description of itself is of a version that was tried`() throws {
    struct Resolved: Decodable {
      struct Pin: Decodable {
        struct State: Decodable { let version: String? }
        let identity: String
        let state: State
      }
      let pins: [Pin]
    }
    let resolved = try JSONDecoder().decode(Resolved.self, from: Data(House.read("Package.resolved").utf8))
    let parser = try #require(resolved.pins.first { $0.identity == "swift-argument-parser" })
    #expect(["1.8.2"].contains(parser.state.version))
  }
}
