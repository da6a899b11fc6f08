import CustodyTesting
import Foundation
import Testing

/// Runs the targets of `make fuzz` on their seeds and on inputs that once broke something.
struct ReplayTests {
  private static let crashes = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Fixtures/crashes")

  /// Folders are targets; a file put into one is a test from then on.
  struct Crash: CustomTestStringConvertible, Sendable {
    let target: String
    let file: String
    var testDescription: String { target + "/" + file }
  }

  static var found: [Crash] {
    let folders = (try? FileManager.default.contentsOfDirectory(atPath: crashes.path)) ?? []
    return folders.sorted().flatMap { target in
      let files = (try? FileManager.default.contentsOfDirectory(atPath: crashes.path + "/" + target)) ?? []
      return files.sorted().map { Crash(target: target, file: $0) }
    }
  }

  @Test(arguments: FuzzTarget.all.map(\.name)) func `whatever fuzzing begins with is read as it should be`(name: String)
    throws
  {
    let target = try #require(FuzzTarget.named(name))
    let seeds = try target.seeds()
    #expect(!seeds.isEmpty)
    for seed in seeds {
      #expect(seed.count <= target.longest, "it would be passed over")
      try target.run(seed)
    }
    // Cut off in the middle, and with one bit changed: so that the targets are tried without libFuzzer too.
    for seed in seeds.prefix(8) {
      try target.run(Array(seed.prefix(seed.count / 2)))
      for place in stride(from: 0, to: seed.count, by: max(1, seed.count / 16)) {
        var changed = seed
        changed[place] ^= 1 << UInt8(place % 8)
        try target.run(changed)
      }
    }
    try target.run([])
  }

  @Test(arguments: found) func `what once broke a reader is read now, or refused`(crash: Crash) throws {
    let target = try #require(FuzzTarget.named(crash.target), "there is no target \(crash.target)")
    let bytes = [UInt8](try Data(contentsOf: Self.crashes.appendingPathComponent(crash.testDescription)))
    let clock = ContinuousClock()
    let start = clock.now
    try target.run(bytes)
    #expect(clock.now - start < .seconds(100), "it takes too long")
  }
}
