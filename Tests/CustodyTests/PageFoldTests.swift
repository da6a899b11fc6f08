@testable import CustodyLog
import Custody
import CustodyValues
import CustodyTesting
import Foundation
import Testing

/// The report folds by a second implementation, written apart from the first: both must come to the same.
@Suite(.serialized) struct PageFoldTests {
  /// A log for each case, and where its breach stands. Others go on behind it.
  private static func logs(
    _ cases: [FoldCase] = FoldCase.all
  ) throws -> [(name: String, stops: Bool, place: Int, entries: [[UInt8]])] {
    try cases.map { one in
      let log = try CaseLog()
      let breach = try one.make(log)
      let place = log.entries.count
      var entries = log.entries + [breach]
      if !one.stops {
        try log.put(breach)
        try log.add(.logVerify, log.bea.isActive(in: log) ? log.bea : log.ada) { $0.set(.size, 1) }
        if log.dev.isActive(in: log) { try log.add(.logVerify, log.dev) { $0.set(.size, 2) } }
        entries = log.entries
      }
      return (one.name, one.stops, place, entries)
    }
  }

  @Test func `each breach of a rule is void, or stops the fold, and what others do goes on behind it`() throws {
    for (name, stops, place, entries) in try Self.logs() {
      let state = try FoldState(entries)
      #expect(state.stop == (stops ? UInt64(place) : nil), "\(name)")
      #expect((state.voids["\(place)"] == nil) == stops, "\(name)")
      #expect(state.voids.keys.allSatisfy { Int($0)! <= place }, "\(name)")
    }
  }

  @Test func `what breaks no rule counts`() throws {
    for (name, _, place, entries) in try Self.logs(FoldCase.sound + FoldCase.cosignatures) {
      let state = try FoldState(entries)
      #expect(state.voids.isEmpty && state.stop == nil, "\(name)")
      #expect((state.damage["\(place)"] != nil) == name.hasPrefix("a damaged"), "\(name)")
    }
  }

  @Test(.enabled(if: Browser.path != nil, "no Chromium here"))
  func `the report's page calls the same entries void, stops at the same, and ends in the same state`() throws {
    let folder = try TemporaryFolder()
    let logs = try Self.logs(FoldCase.all + FoldCase.sound + FoldCase.cosignatures)
    let states = try PageFold.states(of: logs.map(\.entries), in: folder)
    #expect(states.count == logs.count)
    for (log, state) in zip(logs, states) { Self.compare(state, try FoldState(log.entries), log.name) }
  }

  @Test(.enabled(if: Browser.path != nil, "no Chromium here"))
  func `the report's page follows logs that are made at random to the same state`() throws {
    let folder = try TemporaryFolder()
    let environment = ProcessInfo.processInfo.environment
    let first = environment["CUSTODY_RANDOM_SEED"].flatMap { UInt64($0) } ?? 1
    let count = environment["CUSTODY_RANDOM_LOGS"].flatMap { UInt64($0) } ?? 24
    let logs = try (first..<(first + count)).map { try RandomLog(seed: $0, count: 160).log.entries }
    let states = try PageFold.states(of: logs, in: folder)
    var (voids, unseen) = (0, 0)
    for (seed, (entries, state)) in zip(first..., zip(logs, states)) {
      let expected = try FoldState(entries)
      voids += expected.voids.count
      unseen += expected.items.values.map(\.unseen.count).reduce(0, +)
      Self.compare(state, expected, "seed \(seed)")
    }
    print("random logs: \(logs.map(\.count).reduce(0, +)) entries, \(voids) void, \(unseen) values replaced unseen")
  }

  @Test(.enabled(if: Browser.path != nil, "no Chromium here"))
  func `the report's page has the same actions, signers and details`() throws {
    let tables = try PageFold.tables(in: TemporaryFolder())
    #expect(Set(tables.rules.keys) == Set(Action.allCases.map(\.rawValue)))
    for action in Action.allCases {
      let rule = PageFold.Tables.Rule(
        signers: Set(action.rule.signers.map(\.rawValue)), required: Set(action.rule.required.map(\.rawValue)),
        optional: Set(action.rule.optional.map(\.rawValue)))
      #expect(tables.rules[action.rawValue] == rule, "\(action.rawValue)")
    }
    #expect(tables.details == Set(DetailKey.allCases.map(\.rawValue)))
    #expect(tables.exchanging == Set(Action.allCases.filter(MachineUse.exchange.permits).map(\.rawValue)))
    #expect(tables.together == Set(Action.together.map { Set($0.map(\.rawValue)) }))
    #expect(tables.underMetadataKey == Set(Action.underMetadataKey.map(\.rawValue)))
  }

  private static func compare(_ page: FoldState, _ here: FoldState, _ name: String) {
    #expect(page.voids == here.voids, "\(name)")
    #expect(page.stop == here.stop, "\(name)")
    #expect(page.committer == here.committer, "\(name)")
    #expect(page.damage == here.damage, "\(name)")
    #expect(page.members == here.members, "\(name)")
    #expect(page.items == here.items, "\(name)")
  }
}

extension CaseLog.Author {
  fileprivate func isActive(in log: CaseLog) -> Bool { log.history.members[id]?.isActive == true }
}

/// A folder that goes with its test.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "custody-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
