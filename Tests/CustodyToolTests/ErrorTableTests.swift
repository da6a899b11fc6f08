import Custody
import Testing

@testable import CustodyTool

/// Codes and exit statuses that scripts rely on. A change would break somebody's script.
struct ErrorTableTests {
  private static let table: [Int32: String] = [
    1: """
    alreadyExists diskFull failed libcurlMissing newerVault notAVault notPermittedByTheSystem outOfMemory pinUnreadable \
    proxyRefused readOnly
    """,
    2: """
    ambiguousName badEndpoint badInput badName badPreset emptySecret secretTooLong unsendable usage weakPassphrase
    """,
    3: "notFound", 4: "wrongPassphrase", 5: "destinationChanged notApproved notPermitted notShared",
    6: "integrity weakParameters",
    7: "conflict", 8: "expired retired", 9: "cancelled",
    10: """
    outcomeUnknown redirected refusedByProvider replyIncomplete replyMalformed replyNotJSON replyTooLarge requestRefused \
    tlsFailed wrongClient
    """,
    11: "busy providerFailed replyLost throttled timedOut unreachable", 126: "programNotExecutable",
    127: "programMissing",
  ]

  @Test func `every code has the status that it always had`() {
    let found = Dictionary(grouping: VaultError.Code.all, by: \.exitStatus).mapValues {
      $0.map(\.name).sorted().joined(separator: " ")
    }
    #expect(found == Self.table)
  }

  @Test func `every status is explained, and none that no code has but 0 and the reader's`() {
    let explained = Set(ExitMeaning.all.map(\.status))
    #expect(explained.isSuperset(of: Self.table.keys))
    #expect(explained.subtracting(Self.table.keys) == [0, 141])
  }
}
