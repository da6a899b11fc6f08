import CustodyEvidence
@testable import Custody
import CustodyCrypto
import CustodyLog
import CustodyValues
import CustodyTesting
import Foundation
import Testing

/// A member with a patched client records a cosignature that does not hold: it is named with its author, and fails nothing else.
struct BadCosignatureTests {
  let vault: TemporaryVault
  /// Size of the cosigned checkpoint.
  let size: UInt64

  init() throws {
    vault = try TamperTests.busyVault(isCosigned: false)
    let session = try vault.session(.ada)
    _ = try session.reveal("contoso/crm-sync", how: .tty)
    size = session.logSize
    let note = try session.checkpoint()
    let checkpoint = try #require(Checkpoint(parsing: note.text))
    let seen = Seen(size: checkpoint.size, root: checkpoint.root)
    let dev = try vault.session(.dev)
    try dev.commit { try $0.record(seen, Array(repeating: 9, count: 72)) }
    try dev.commit { transaction in
      let never = Checkpoint(origin: checkpoint.origin, size: 4_000, root: checkpoint.root)
      let signature = try translating {
        try transaction.core.holder.signCosignature(Cosignature.message(1, never.text))
      }
      try transaction.record(Seen(size: never.size, root: never.root), Cosignature.payload(1, signature))
    }
    // A good one stands behind the bad one of the same checkpoint.
    let shown = try #require(CheckpointRequest.Shown(note.bytes))
    #expect(try dev.cosign(shown).isStored)
    #expect(try vault.session(.bea).cosign(shown).isStored)
  }

  private func expectDamage(_ verdicts: Verdicts, _ place: SourceLocation = #_sourceLocation) {
    #expect(verdicts.holds, sourceLocation: place)
    #expect(verdicts.damage.map(\.author) == ["dev", "dev"], sourceLocation: place)
    #expect(verdicts.damage.map(\.index) == [size, size + 1], sourceLocation: place)
    #expect(
      verdicts.damage.map(\.words) == [
        "its cosignature does not hold", "its cosignature is of a checkpoint that this log does not have",
      ], sourceLocation: place)
  }

  @Test(arguments: [VerificationDepth.everything, .sinceLast])
  func `a verification goes on and names it; what vouches for nothing is no voucher`(depth: VerificationDepth) throws {
    let verdicts = try vault.session(.audrey).verifyLog(depth).verdicts
    expectDamage(verdicts)
    #expect(verdicts.completeness.map(\.size) == [size, size])
    #expect(try vault.session(.audrey).verifyEverything().verdicts.damage.count == 2)
  }

  @Test func `a bundle has the lines that hold, and verifies`() throws {
    let path = vault.folder + "/bundle"
    _ = try vault.session(.audrey).exportBundle(LogFilter(), below: size, to: path)
    let report = try Evidence.verify(at: path)
    #expect(report.cosigners.map(\.name) == ["dev", "bea"])
    #expect(report.verdicts.damage.isEmpty)
  }

  @Test func `an auditor who has only the export is told too`() throws {
    let path = vault.folder + "/bundle"
    _ = try vault.session(.audrey).exportBundle(LogFilter(), to: path)
    expectDamage(try Evidence.verify(at: path).verdicts)
    var filter = LogFilter()
    filter.actions = [.logCosign]
    _ = try vault.session(.audrey).exportBundle(filter, to: path + "-part")
    // A part has no older roots: of the one that was signed nothing is known.
    #expect(try Evidence.verify(at: path + "-part").verdicts.damage.map(\.index) == [size])
  }

  @Test(.enabled(if: Browser.path != nil, "no Chromium here"))
  func `the report's page verifies, and names it`() throws {
    let page = try ReportPage.open(ReportPage.of(vault, LogFilter()), in: vault.folder)
    #expect(page.verdict == "good")
    #expect(page.dom.contains("Entry \(size), by dev, is damaged: its cosignature does not hold."))
    #expect(page.dom.contains("; 2 are damaged"))
  }

  @Test func `its author can be removed, and the rest goes on`() throws {
    _ = try vault.session(.ada).commit { try $0.remove("dev", orphaning: true) }
    #expect(try vault.session(.bea).verifyLog().verdicts.damage.count == 2)
  }
}

extension Custody.Transaction {
  fileprivate func record(_ seen: Seen, _ payload: [UInt8]) throws(VaultError) {
    try translating { _ = try append(.logCosign) { $0.set(seen, cosignature: payload) } }
  }
}
