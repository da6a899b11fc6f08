import CustodyEvidence
import CustodyCrypto
import CustodyLog
import CustodySystem
import CustodyValues
import Foundation
import Testing

@testable import Custody

/// The state of a fold, in a form that this process and the report's page share.
struct FoldState: Codable, Equatable {
  struct Member: Codable, Equatable {
    var role: String
    var isActive: Bool
    var seq: UInt64
  }
  struct Grant: Codable, Equatable {
    var right: UInt64
    var until: String?
    var hasMetadata: Bool
  }
  struct Exposure: Codable, Equatable {
    var revision: UInt64
    var since: UInt64
    var opened: [String: UInt64]
  }
  struct Unseen: Codable, Equatable {
    var revision: UInt64
    var by: String
    var exposures: [String: Exposure]
  }
  struct Item: Codable, Equatable {
    /// Positions of the entries that made the value, the data key and the metadata key.
    var newest: [UInt64]
    var isRetired: Bool
    var metadata: String
    var grants: [String: Grant]
    var leavers: [String]
    var exposures: [String: Exposure]
    var unseen: [Unseen]
  }

  /// Positions of void entries, with who signed them.
  var voids: [String: String] = [:]
  /// Position at which the fold stopped.
  var stop: UInt64?
  var committer = ""
  /// The reason why a cosignature does not hold, by position.
  var damage: [String: String] = [:]
  var members: [String: Member] = [:]
  var items: [String: Item] = [:]
}

extension FoldState {
  init(_ entries: [[UInt8]]) throws {
    var history = History()
    var roots: [UInt64: Digest] = [:]
    for entry in entries {
      do throws(HistoryFault) {
        let folded = try history.fold(entry)
        committer = folded.author.hex
        roots[history.size] = history.root()
      } catch {
        stop = error.position
        break
      }
    }
    for void in history.voids { voids["\(void.position)"] = void.author.hex }
    for member in history.members {
      members[member.id.hex] = Member(role: member.role.rawValue, isActive: member.isActive, seq: member.lastSeq)
    }
    for cosignature in history.recordedCosignatures {
      guard let author = history.members[cosignature.author] else { continue }
      let found = cosignature.damage(by: author, origin: history.origin) { roots[$0] }
      damage["\(cosignature.position)"] = found?.words
    }
    for item in history.items { items[item.id.hex] = Item(item, history) }
  }
}

extension FoldState.Item {
  init(_ item: CustodyLog.Item, _ history: History) {
    newest = [item.revision, item.generation, item.metadataKey.generation]
    (isRetired, metadata) = (item.isRetired, String(decoding: Base64.encode(item.details.sha256), as: UTF8.self))
    grants = Dictionary(
      uniqueKeysWithValues: history.grants(of: item).map { id, grant in
        (
          id.hex,
          FoldState.Grant(right: grant.right, until: grant.until?.text, hasMetadata: grant.metadataEnvelope != nil)
        )
      })
    leavers = history.leavers(of: item).map(\.hex).sorted()
    exposures = Self.exposures(item.exposures)
    unseen = item.unseen.map {
      FoldState.Unseen(revision: $0.revision, by: $0.replacedBy.hex, exposures: Self.exposures($0.exposures))
    }
  }

  private static func exposures(_ found: [Identifier: Exposure]) -> [String: FoldState.Exposure] {
    Dictionary(
      uniqueKeysWithValues: found.map { id, exposure in
        let opened = exposure.opened.map { ($0.key.rawValue, $0.value.position) }
        return (
          id.hex,
          FoldState.Exposure(
            revision: exposure.revision, since: exposure.since.position,
            opened: Dictionary(uniqueKeysWithValues: opened))
        )
      })
  }
}

/// The report's own fold, in a browser, without the rest of the page.
enum PageFold {
  private static let harness = #"""
    const exposuresOf = exposures => Object.fromEntries([...exposures].map(([id, exposure]) =>
      [id, {revision: exposure.revision, since: exposure.since, opened: Object.fromEntries(exposure.opened)}]));
    const itemState = (history, item) => ({
      newest: [item.revision, item.generation, item.metadataGeneration], isRetired: item.retired, metadata: item.metadata,
      grants: Object.fromEntries(standing(history, item).map(([id, grant]) =>
        [id, {right: grant.index, until: grant.until ?? undefined, hasMetadata: grant.hasMetadata}])),
      leavers: leavers(history, item).sort(), exposures: exposuresOf(item.exposures),
      unseen: item.unseen.map(value => ({revision: value.revision, by: value.by, exposures: exposuresOf(value.exposures)})),
    });
    async function stateOfLog(log) {
      const report = new Report();
      report.closing = {filter: null};
      report.entries = log.map((entry, index) => makeEntry(base64Bytes(entry), index));
      const leaves = await Promise.all(report.entries.map(entry => leafHash(entry.bytes)));
      await checkTree(report, leaves, () => {});
      await foldAll(report, () => {});
      await checkCosignatures(report);
      const {history, faults} = report, folded = report.entries.slice(0, history.folded);
      return {
        voids: Object.fromEntries(folded.filter(entry => entry.void).map(entry => [entry.index, entry.author])),
        stop: faults[0]?.index, committer: history.committer,
        damage: Object.fromEntries(report.damage.map(({index, words}) => [index, words])),
        members: Object.fromEntries([...history.members].map(([id, member]) =>
          [id, {role: member.role, isActive: member.removed === undefined, seq: member.lastSeq}])),
        items: Object.fromEntries([...history.items].map(([id, item]) => [id, itemState(history, item)])),
      };
    }
    (async () => {
      if (document.getElementById('in').textContent === 'null') {
        const tables = {rules: {...rules}, details: Object.keys(syntax), exchanging, together, underMetadataKey};
        document.getElementById('out').textContent = JSON.stringify(tables);
        return;
      }
      const states = [];
      for (const log of JSON.parse(document.getElementById('in').textContent)) states.push(await stateOfLog(log));
      document.getElementById('out').textContent = JSON.stringify(states);
    })().catch(error => { document.getElementById('out').textContent = String(error.stack); });
    """#

  /// The fields that entries may have, as the page knows them.
  struct Tables: Codable {
    struct Rule: Codable, Equatable {
      var signers: Set<String>
      var required: Set<String>
      var optional: Set<String>
    }
    var rules: [String: Rule]
    var details: Set<String>
    var exchanging: Set<String>
    var together: Set<Set<String>>
    var underMetadataKey: Set<String>
  }

  static func tables(in folder: TemporaryFolder) throws -> Tables { try run(nil as [Data]?, in: folder) }

  static func states(of logs: [[[UInt8]]], in folder: TemporaryFolder) throws -> [FoldState] {
    try run(logs.map { $0.map { Data($0) } }, in: folder)
  }

  private static func run<Input: Encodable, Output: Decodable>(_ input: Input, in folder: TemporaryFolder) throws
    -> Output
  {
    let input = String(decoding: try JSONEncoder().encode(input), as: UTF8.self)
    let page = """
      <!DOCTYPE html><meta charset="utf-8"><pre id="out"></pre>
      <script type="application/json" id="in">\(input)</script>
      <script>'use strict';\n\(HTMLReport.checks.joined())\n\(harness)</script>
      """
    let name = folder.path + "/fold-" + UUID().uuidString
    try page.write(toFile: name + ".html", atomically: false, encoding: .utf8)
    let shown = try Browser.open(name + ".html", profile: name)
    let text = try #require(shown.dom.firstMatch(of: /<pre id="out">(.*?)<\/pre>/.dotMatchesNewlines())).output.1
    do { return try JSONDecoder().decode(Output.self, from: Data(text.utf8)) } catch {
      Issue.record("\(text.prefix(400)) \(shown.console.prefix(5))")
      throw error
    }
  }
}
