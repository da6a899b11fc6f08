public import CustodyEvidence
package import CustodyLog

/// Why something was refused or failed: equal by code, with the words that a person needs and no content.
public struct VaultError: Error, Sendable {
  public let code: Code
  /// A name or an ID, never content.
  public let subject: String?
  /// What could not be done, then why: lower case, no full stop.
  public let reason: String
  /// The next thing to do.
  public let hint: Hint?
  /// The error of a lower floor that this one puts into words, where there is one. It holds nothing secret.
  public package(set) var underlying: (any Error)?
  /// Which rule of the log is broken, and where.
  package internal(set) var fault: HistoryFault?
  /// All that a verification found, where what it found of the file is the error.
  package internal(set) var damage: [Damage] = []
  /// What of an item is damaged.
  var broken: Broken?
  /// Set where the log is to say that it was tried.
  var attempt: Attempt?

  package init(_ code: Code, _ reason: String, subject: String? = nil, hint: Hint? = nil) {
    (self.code, self.subject, self.reason, self.hint) = (code, subject, reason, hint ?? code.hint)
  }

  /// In words without the item, and the entry that named what does not open; nil where the file is not what the log says.
  struct Broken: Sendable {
    let what: String
    let entry: UInt64?
  }

  /// The same, with a better next step.
  func hinting(_ hint: Hint) -> VaultError { saying(reason, hint: hint) }

  /// The same, in words of who knows more of it.
  package func saying(_ reason: String, hint: Hint?) -> VaultError {
    var error = VaultError(code, reason, subject: subject, hint: hint)
    (error.fault, error.attempt, error.broken, error.damage) = (fault, attempt, broken, damage)
    error.underlying = underlying
    return error
  }

  /// The same, with the error that it puts into words.
  package func caused(by underlying: any Error) -> VaultError {
    var error = self
    error.underlying = underlying
    return error
  }

  /// Grows without breaking who switches over it.
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

    /// For a table that the compiler holds to be whole.
    package let value: Value
    /// As `--json` gives it.
    public var name: String { value.rawValue }

    /// Nil where there is none of that name.
    init?(name: String) {
      guard let value = Value(rawValue: name) else { return nil }
      self.init(value: value)
    }

    init(value: Value) { self.value = value }
  }
}

extension VaultError: CustomStringConvertible {
  /// What could not be done and why, and the next thing to do.
  public var description: String { hint.map { "\(reason) (\($0))" } ?? reason }
}

extension VaultError: Equatable {
  public static func == (one: VaultError, other: VaultError) -> Bool { one.code == other.code }
}

extension VaultError.Code {
  public static let failed = Self(value: .failed)
  public static let notAVault = Self(value: .notAVault)
  public static let newerVault = Self(value: .newerVault)
  public static let alreadyExists = Self(value: .alreadyExists)
  public static let readOnly = Self(value: .readOnly)
  public static let diskFull = Self(value: .diskFull)
  public static let notPermittedByTheSystem = Self(value: .notPermittedByTheSystem)
  public static let outOfMemory = Self(value: .outOfMemory)
  public static let pinUnreadable = Self(value: .pinUnreadable)
  public static let usage = Self(value: .usage)
  public static let badName = Self(value: .badName)
  public static let ambiguousName = Self(value: .ambiguousName)
  public static let emptySecret = Self(value: .emptySecret)
  public static let secretTooLong = Self(value: .secretTooLong)
  public static let badInput = Self(value: .badInput)
  public static let weakPassphrase = Self(value: .weakPassphrase)
  public static let notFound = Self(value: .notFound)
  public static let wrongPassphrase = Self(value: .wrongPassphrase)
  public static let notApproved = Self(value: .notApproved)
  public static let notShared = Self(value: .notShared)
  public static let notPermitted = Self(value: .notPermitted)
  /// A token's secrets would go elsewhere than an admin confirmed.
  public static let destinationChanged = Self(value: .destinationChanged)
  public static let integrity = Self(value: .integrity)
  public static let weakParameters = Self(value: .weakParameters)
  public static let conflict = Self(value: .conflict)
  public static let expired = Self(value: .expired)
  public static let retired = Self(value: .retired)
  public static let cancelled = Self(value: .cancelled)
  public static let refusedByProvider = Self(value: .refusedByProvider)
  /// Nobody knows what became of the refresh token that was sent.
  public static let outcomeUnknown = Self(value: .outcomeUnknown)
  public static let wrongClient = Self(value: .wrongClient)
  public static let requestRefused = Self(value: .requestRefused)
  public static let tlsFailed = Self(value: .tlsFailed)
  public static let redirected = Self(value: .redirected)
  public static let replyTooLarge = Self(value: .replyTooLarge)
  public static let replyNotJSON = Self(value: .replyNotJSON)
  public static let replyIncomplete = Self(value: .replyIncomplete)
  public static let replyMalformed = Self(value: .replyMalformed)
  public static let badEndpoint = Self(value: .badEndpoint)
  public static let badPreset = Self(value: .badPreset)
  public static let unsendable = Self(value: .unsendable)
  public static let libcurlMissing = Self(value: .libcurlMissing)
  public static let throttled = Self(value: .throttled)
  public static let providerFailed = Self(value: .providerFailed)
  public static let timedOut = Self(value: .timedOut)
  public static let unreachable = Self(value: .unreachable)
  public static let replyLost = Self(value: .replyLost)
  public static let proxyRefused = Self(value: .proxyRefused)
  public static let busy = Self(value: .busy)
  public static let programMissing = Self(value: .programMissing)
  public static let programNotExecutable = Self(value: .programNotExecutable)

  public static var all: [Self] { Value.allCases.map { Self(value: $0) } }

  /// What to do where the place that failed knows nothing better.
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
