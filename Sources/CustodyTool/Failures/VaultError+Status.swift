import Custody

extension VaultError.Code {
  /// The exit status, from the only table of them; `custody help exit-codes` prints their meanings.
  var exitStatus: Int32 {
    switch value {
    case .failed, .notAVault, .newerVault, .alreadyExists, .readOnly, .diskFull, .notPermittedByTheSystem,
      .outOfMemory, .pinUnreadable, .libcurlMissing, .proxyRefused:
      1
    case .usage, .badName, .ambiguousName, .emptySecret, .secretTooLong, .badInput, .weakPassphrase, .badEndpoint,
      .badPreset, .unsendable:
      2
    case .notFound: 3
    case .wrongPassphrase: 4
    case .notApproved, .notShared, .notPermitted, .destinationChanged: 5
    case .integrity, .weakParameters: 6
    case .conflict: 7
    case .expired, .retired: 8
    case .cancelled: 9
    case .refusedByProvider, .outcomeUnknown, .wrongClient, .requestRefused, .tlsFailed, .redirected, .replyTooLarge,
      .replyNotJSON, .replyIncomplete, .replyMalformed:
      10
    case .busy, .throttled, .providerFailed, .timedOut, .unreachable, .replyLost: 11
    // The statuses that shells, env and nohup use: otherwise a failed start would look like the program's own status.
    case .programNotExecutable: 126
    case .programMissing: 127
    }
  }
}

/// An exit status and its meaning, for people.
struct ExitMeaning {
  let status: Int32
  let words: String

  private init(_ status: Int32, _ words: String) { (self.status, self.words) = (status, words) }

  static let all = [
    ExitMeaning(0, "done"), ExitMeaning(1, "failed"), ExitMeaning(2, "usage"), ExitMeaning(3, "not found"),
    ExitMeaning(4, "locked, or a wrong passphrase"), ExitMeaning(5, "not permitted"),
    ExitMeaning(6, "integrity: a proof, signature or seal does not hold"),
    ExitMeaning(7, "conflict: someone was first"), ExitMeaning(8, "expired"), ExitMeaning(9, "cancelled"),
    ExitMeaning(10, "the provider refused"), ExitMeaning(11, "try again (locked, timed out)"),
    ExitMeaning(126, "the program to run can't be run"), ExitMeaning(127, "the program to run is not there"),
    ExitMeaning(141, "done, but nobody read the output to its end"),
  ]
}
