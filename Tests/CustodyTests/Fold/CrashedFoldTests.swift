import Custody
import CustodyLog
import CustodyTesting
import Foundation
import Testing

/// A save that was broken off, by whatever, leaves the fold before it or the one after.
@Suite(.waiting) struct CrashedFoldTests {
  private let place: FoldPlace

  init() throws { place = try FoldPlace() }

  private func benchmark(_ command: String, _ count: Int) -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Products.folder + "/custody-benchmark")
    process.arguments = [command, "\(count)", place.folder]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    return process
  }

  @Test func `a process that is killed while it saves leaves one state`() throws {
    var sizes: Set<String> = []
    // On a busy machine the first come to no save at all.
    var round = 0
    while round < 12 || sizes.count < 2 && round < 200 {
      defer { round += 1 }
      let process = benchmark("fold-soak", 300)
      try process.run()
      usleep(UInt32(150_000 + round * 17_003))
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      let found = try Products.run(Products.folder + "/custody-benchmark", ["fold-check", "300", place.folder]).output
      // "none" only before the first was in its place.
      #expect(UInt64(found.dropLast()) != nil || (found == "none\n" && sizes.isEmpty), "\(found)")
      if found != "none\n" { sizes.insert(found) }
    }
    #expect(sizes.count > 1)
    try place.make(1)?.close()
    #expect(!place.names.contains { $0.hasPrefix("vault.fold.draft-") })
  }

  @Test func `two processes that save at once leave one state`() throws {
    try place.make(1)?.close()
    let processes = (0..<3).map { _ in benchmark("fold-soak", 100) }
    for process in processes { try process.run() }
    for _ in 0..<10 {
      usleep(100_000)
      let found = try Products.run(Products.folder + "/custody-benchmark", ["fold-check", "100", place.folder]).output
      #expect(UInt64(found.dropLast()) != nil || found == "none\n", "\(found)")
    }
    for process in processes {
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
  }

  private static let canMount: Bool = {
    guard getuid() == 0, let folder = try? TemporaryVault.makeFolder() else { return false }
    defer { try? FileManager.default.removeItem(atPath: folder) }
    guard (try? Products.run("/usr/bin/env", ["mount", "-t", "tmpfs", "tmpfs", folder]))?.status == 0 else {
      return false
    }
    return (try? Products.run("/usr/bin/env", ["umount", folder]))?.status == 0
  }()

  @Test(.enabled("needs the right to mount", { canMount }))
  func `a full disk leaves the fold before, and no draft`() throws {
    let mount = ["mount", "-t", "tmpfs", "-o", "size=2m,mode=700", "tmpfs", place.folder]
    #expect(try Products.run("/usr/bin/env", mount).status == 0)
    defer { _ = try? Products.run("/usr/bin/env", ["umount", "-l", place.folder]) }
    try place.make(100)?.close()
    let kept = try #require(place.open())
    #expect(!kept.save(FoldPlace.items(0..<30_000, round: 1), FoldPlace.head(11, items: 30_000), place.keys))
    #expect(place.values(kept, 100) == (0..<100).map { FoldPlace.value($0) })
    kept.close()
    let again = try #require(place.open())
    #expect(again.head.size == 10)
    #expect(place.values(again, 100) == (0..<100).map { FoldPlace.value($0) })
    #expect(again.save(FoldPlace.items(0..<1, round: 2), FoldPlace.head(12, items: 100), place.keys))
    again.close()
    do {
      let draft = try FoldDrafting(for: place.path, of: FoldPlace.vault, in: place.keys.arena)
      // More than its connection holds in memory.
      let many = FoldPlace.items(0..<100_000)
      draft.add(many, counts: [1: many.count], size: 20)
      #expect(draft.finish(FoldPlace.head(20, items: many.count), place.keys) == nil)
      #expect(draft.isDamaged)
    }
    #expect(!place.names.contains { $0.hasPrefix("vault.fold.draft-") })
    #expect(place.open()?.read(table: 1, key: FoldPlace.key(0)) == FoldPlace.value(0, 2))
  }
}
