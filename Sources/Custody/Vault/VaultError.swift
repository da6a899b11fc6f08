public import CustodyEvidence
package import CustodyLog

/// The reason for a refusal or failure: a code for programs, words for people, and nothing secret.
public struct VaultError: Error, Sendable {
  /// The kind of failure. Two errors are equal if their codes are.
  public let code: Code
  /// The name or ID that it is about. Never a secret.
  public let subject: String?
  /// The sentence for people: first what could not be done, then why. Lower case, no full stop.
  public let reason: String
  /// Advice on what to do next.
  public let hint: Hint?
  /// The lower-level error that caused it. Nil if there is none. It holds nothing secret.
  public package(set) var underlying: (any Error)?
  /// The broken rule of the log, and its position.
  package internal(set) var fault: HistoryFault?
  /// All findings of a verification that failed.
  package internal(set) var damage: [Damage] = []
  /// The damage to an item.
  var broken: Broken?
  /// Set if the log should record the attempt.
  var attempt: Attempt?

  package init(_ code: Code, _ reason: String, subject: String? = nil, hint: Hint? = nil) {
    (self.code, self.subject, self.reason, self.hint) = (code, subject, reason, hint ?? code.hint)
  }

  /// The damage in words without the item, and the entry that named the unopenable bytes. `entry` is nil if the file
  /// differs from the log.
  struct Broken: Sendable {
    let what: String
    let entry: UInt64?
  }

  /// Returns this error with a more useful hint.
  func hinting(_ hint: Hint) -> VaultError { saying(reason, hint: hint) }

  /// Returns this error with another reason and hint, by a caller that knows more.
  package func saying(_ reason: String, hint: Hint?) -> VaultError {
    var error = VaultError(code, reason, subject: subject, hint: hint)
    (error.fault, error.attempt, error.broken, error.damage) = (fault, attempt, broken, damage)
    error.underlying = underlying
    return error
  }

  /// Returns this error with the lower-level error that caused it.
  package func caused(by underlying: any Error) -> VaultError {
    var error = self
    error.underlying = underlying
    return error
  }

  /// The kind of a failure. New codes can be added without breaking a program that switches over them.
  public struct Code: Hashable, Sendable {
    package enum Value: String, CaseIterable {
      case failed, notAVault, newerVault, alreadyExists, readOnly, diskFull, notPermittedByTheSystem, outOfMemory
      case pinUnreadable
      case usage, badName, ambiguousName, emptySecret, secretTooLong, badInput, weakPassphrase
      case notFound
      case wrongPassphrase
      case notApproved, notShared, notPermitted, destinationChanged
      case integrity, weakParameters
      case conflict
      case expired, retired
      case cancelled
      case refusedByProvider, outcomeUnknown, wrongClient, requestRefused, tlsFailed, redirected
      case replyTooLarge, replyNotJSON, replyIncomplete, replyMalformed
      case badEndpoint, badPreset, unsendable, libcurlMissing
      case throttled, providerFailed, timedOut, unreachable, replyLost, proxyRefused
      case busy
      case programMissing, programNotExecutable
    }

    /// The code as an enum, so that a switch over it is exhaustive.
    package let value: Value
    /// The code's name, as `--json` prints it.
    public var name: String { value.rawValue }

    /// Nil if there is no code of this name.
    init?(name: String) {
      guard let value = Value(rawValue: name) else { return nil }
      self.init(value: value)
    }

    init(value: Value) { self.value = value }
  }
}

extension VaultError: CustomStringConvertible {
  /// The reason, and the hint in brackets.
  public var description: String { hint.map { "\(reason) (\($0))" } ?? reason }
}

extension VaultError: Equatable {
  /// Compares the codes alone.
  public static func == (one: VaultError, other: VaultError) -> Bool { one.code == other.code }
}

extension VaultError.Code {
  /// Failure that no other code describes.
  public static let failed = Self(value: .failed)
  /// The file is missing, or is no vault.
  public static let notAVault = Self(value: .notAVault)
  /// A newer Custody made the vault or what is asked of it.
  public static let newerVault = Self(value: .newerVault)
  /// The file or item exists already.
  public static let alreadyExists = Self(value: .alreadyExists)
  /// The vault can't be written.
  public static let readOnly = Self(value: .readOnly)
  /// The disk or a quota is full. Nothing was changed.
  public static let diskFull = Self(value: .diskFull)
  /// The operating system refuses access to a file.
  public static let notPermittedByTheSystem = Self(value: .notPermittedByTheSystem)
  /// Guarded memory, in which secrets are kept, can't be had.
  public static let outOfMemory = Self(value: .outOfMemory)
  /// The file with the last state seen on this machine can't be read.
  public static let pinUnreadable = Self(value: .pinUnreadable)
  /// The call makes no sense as it stands.
  public static let usage = Self(value: .usage)
  /// A name breaks the rules for names.
  public static let badName = Self(value: .badName)
  /// A name means more than one thing.
  public static let ambiguousName = Self(value: .ambiguousName)
  /// The secret is empty.
  public static let emptySecret = Self(value: .emptySecret)
  /// The secret is longer than is kept.
  public static let secretTooLong = Self(value: .secretTooLong)
  /// Input is not what it should be.
  public static let badInput = Self(value: .badInput)
  /// The passphrase is easy to guess.
  public static let weakPassphrase = Self(value: .weakPassphrase)
  /// There is nothing of that name.
  public static let notFound = Self(value: .notFound)
  /// The passphrase or key file doesn't open the member's keys, or the sealed keys were changed. The two can't be told
  /// apart.
  public static let wrongPassphrase = Self(value: .wrongPassphrase)
  /// No admin has approved the member yet.
  public static let notApproved = Self(value: .notApproved)
  /// The item is not shared with the member.
  public static let notShared = Self(value: .notShared)
  /// The member's role or grant does not permit it.
  public static let notPermitted = Self(value: .notPermitted)
  /// A token's secrets would go elsewhere than an admin confirmed.
  public static let destinationChanged = Self(value: .destinationChanged)
  /// A signature, a proof, a seal or a row does not hold.
  public static let integrity = Self(value: .integrity)
  /// The file asks for Argon2id parameters below the accepted minimum.
  public static let weakParameters = Self(value: .weakParameters)
  /// Somebody else was first, or the name is taken.
  public static let conflict = Self(value: .conflict)
  /// The grant has ended.
  public static let expired = Self(value: .expired)
  /// The item is retired.
  public static let retired = Self(value: .retired)
  /// A person or a signal cancelled it. Nothing was changed.
  public static let cancelled = Self(value: .cancelled)
  /// The provider refused the refresh token.
  public static let refusedByProvider = Self(value: .refusedByProvider)
  /// Nobody knows what became of the refresh token that was sent.
  public static let outcomeUnknown = Self(value: .outcomeUnknown)
  /// The provider refused the connector's ID or secret.
  public static let wrongClient = Self(value: .wrongClient)
  /// The provider refused the request for another reason.
  public static let requestRefused = Self(value: .requestRefused)
  /// The TLS connection failed. Nothing was sent.
  public static let tlsFailed = Self(value: .tlsFailed)
  /// The provider redirected to a place that the token's destination does not allow.
  public static let redirected = Self(value: .redirected)
  /// The provider's reply is larger than is read.
  public static let replyTooLarge = Self(value: .replyTooLarge)
  /// The provider's reply is not JSON.
  public static let replyNotJSON = Self(value: .replyNotJSON)
  /// The provider's reply has no access token.
  public static let replyIncomplete = Self(value: .replyIncomplete)
  /// A part of the provider's reply can't be what it should be.
  public static let replyMalformed = Self(value: .replyMalformed)
  /// The endpoint is no permitted URL.
  public static let badEndpoint = Self(value: .badEndpoint)
  /// The description of the provider does not fit what is asked.
  public static let badPreset = Self(value: .badPreset)
  /// A secret, ID or scope has bytes that can't be sent where the provider wants it.
  public static let unsendable = Self(value: .unsendable)
  /// The system has no libcurl.
  public static let libcurlMissing = Self(value: .libcurlMissing)
  /// The provider asks to wait.
  public static let throttled = Self(value: .throttled)
  /// The provider failed on its side.
  public static let providerFailed = Self(value: .providerFailed)
  /// It took longer than was allowed.
  public static let timedOut = Self(value: .timedOut)
  /// There is no connection to the provider. Nothing was sent.
  public static let unreachable = Self(value: .unreachable)
  /// The request may have arrived, and the reply did not.
  public static let replyLost = Self(value: .replyLost)
  /// The proxy refused, or can't be used. Nothing was sent.
  public static let proxyRefused = Self(value: .proxyRefused)
  /// Another process holds the vault or the token. Try again.
  public static let busy = Self(value: .busy)
  /// The program to be run was not found.
  public static let programMissing = Self(value: .programMissing)
  /// The program to be run can't be executed.
  public static let programNotExecutable = Self(value: .programNotExecutable)

  /// Every code.
  public static var all: [Self] { Value.allCases.map { Self(value: $0) } }

  /// The hint for errors without a better one.
  var hint: Hint? {
    switch value {
    case .notAVault: "name the vault with \(step: .give(.vault)), or found one with \(step: .found)"
    case .newerVault: "install the newest custody on this machine"
    case .readOnly: "every read of a secret is logged, so the vault and its folder must be writable"
    case .diskFull: "free some space and run the command again; nothing was changed"
    case .wrongPassphrase: "type it again; nobody but you can reset it"
    case .notApproved: "ask an admin to run \(step: .approveMember) and compare fingerprints with you"
    case .integrity: "run \(step: .verifyLog), change nothing, and compare with another copy of the vault"
    case .busy: "another custody is writing; run the command again"
    case .badName: "use 1 to 64 of a-z, 0-9, '.', '_' and '-', beginning with a letter or digit"
    case .emptySecret: "type or pipe the value; one trailing newline is dropped"
    case .outOfMemory: "free some memory, or run on a machine with more"
    default: nil
    }
  }
}
