import CustodyEvidence
@testable import Custody
import CustodyCrypto
import CustodyLog
import CustodyValues
import CustodyStore
import CustodyTesting
import Testing

/// Entries that a kept fold need not read are still missed if they are gone.
struct OmittedEntryTests {
  let vault: TemporaryVault
  let machine: PinFolder
  private let position: UInt64 = 20

  init() throws {
    vault = try TemporaryVault()
    machine = PinFolder(path: vault.folder + "/state")
    try vault.furnish()
    let ada = try vault.session(.ada)
    try ada.commit { for _ in 0..<70 { try $0.share(.token, "contoso/crm-sync", Share(with: "dev")) } }
    // Verified, and its fold kept.
    _ = try vault.session(.audrey, pins: machine).verifyLog()
    _ = try vault.session(.audrey, pins: machine).verifyLog(.sinceLast)
  }

  private func lines(_ filter: LogFilter = LogFilter()) throws -> Int {
    var count = 0
    try vault.session(.audrey, pins: machine).eachLogLine(filter) { _ in count += 1 }
    return count
  }

  /// Checks that all entries before this one are shown and exported, and that both say where the log ends.
  private func expectEnd(_ rule: HistoryFault.Rule, _ filter: LogFilter = LogFilter()) throws {
    let error = refusal { _ = try lines(filter) }
    #expect(error?.code == .integrity && error?.fault?.position == position && error?.fault?.rule == rule)
    let session = try vault.session(.audrey, pins: machine)
    let exported = try session.exportLog(filter, .csv) { _ in }
    let stop = session.stop
    #expect(exported.count < position && stop?.position == position && stop?.rule == rule)
  }

  @Test func `an entry that was deleted is missed, not passed over`() throws {
    try RawFile(vault.path).run("DELETE FROM log_entry WHERE position = \(position)")
    try expectEnd(.missing)
    #expect(refusal { _ = try vault.session(.audrey, pins: machine).verifyLog(.sinceLast) }?.code == .integrity)
  }

  /// Any member has the vault key, and so can seal another text in an entry's place.
  @Test func `an entry that a filter leaves out is the one in the tree`() throws {
    let dev = try vault.session(.dev)
    let other = try dev.core.reading { try #require(try dev.core.store.entry(1)) }
    let text = try dev.core.ledger.text(other)
    let sealed = try dev.core.ledger.sealed(text, at: position)
    try RawFile(vault.path).run("UPDATE log_entry SET sealed = \(literal(sealed)) WHERE position = \(position)")
    var filter = LogFilter()
    filter.actions = [.tokenShare]
    try expectEnd(.storedHash, filter)
  }

  /// ada signs two checkpoints of one size, and shows the second to whoever has a kept fold.
  @Test func `a checkpoint with another root than the log's is found in the short verification`() throws {
    let ada = try vault.session(.ada)
    try ada.commit { try $0.share(.token, "contoso/crm-sync", Share(with: "dev")) }
    let size = ada.logSize
    try ada.commit { for _ in 0..<70 { try $0.share(.token, "contoso/crm-sync", Share(with: "dev")) } }
    // Folded and kept, but not verified.
    _ = try vault.session(.audrey, pins: machine).member
    let other = Checkpoint(origin: ada.origin, size: size, root: SHA256.hash([1]))
    let signature = try ada.core.holder.signCheckpoint(other.text)
    try RawFile(vault.path).run(
      """
      UPDATE checkpoint SET root = \(literal(other.root.bytes)), signature = \(literal(signature))
      WHERE size = \(size)
      """)
    let error = refusal { _ = try vault.session(.audrey, pins: machine).verifyLog(.sinceLast) }
    #expect(error?.fault == HistoryFault(position: size, rule: .checkpointRoot))
  }
}

private func literal(_ bytes: [UInt8]) -> String {
  "x'" + bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined() + "'"
}
