internal import CustodyLog
internal import CustodyValues

/// A verb in two forms ("revealed", "reveal"), and the words between it and a name.
struct ActionWords {
  let past: String
  let infinitive: String
  /// The words before the item's name.
  let object: String

  init(_ past: String, _ infinitive: String, _ object: String = "") {
    (self.past, self.infinitive, self.object) = (past, infinitive, object)
  }
}

extension Action {
  var words: ActionWords {
    switch self {
    case .vaultCreate: ActionWords("founded", "found", "the vault")
    case .vaultRepair: ActionWords("repaired", "repair", "the vault")
    case .memberEnroll: ActionWords("enrolled", "enrol")
    case .memberDeny: ActionWords("denied", "deny", "a request to join")
    case .memberRole: ActionWords("changed", "change", "the role of")
    case .memberRemove: ActionWords("removed", "remove")
    case .memberRekey: ActionWords("sealed", "seal", "their seed anew")
    case .connectorRegister: ActionWords("registered", "register")
    case .connectorChange, .tokenChange: ActionWords("changed", "change", "the details of")
    case .connectorRotate: ActionWords("rotated", "rotate", "the secret of")
    case .tokenRotate: ActionWords("rotated", "rotate")
    case .connectorRekey, .tokenRekey: ActionWords("rekeyed", "rekey")
    case .connectorRevert, .tokenRevert: ActionWords("brought back", "bring back", "an earlier value of")
    case .connectorRenew, .tokenRenew: ActionWords("renewed", "renew", "the metadata key of")
    case .connectorShare, .tokenShare: ActionWords("shared", "share")
    case .connectorUnshare, .tokenUnshare: ActionWords("took back", "take back")
    case .connectorReveal: ActionWords("revealed", "reveal", "the secret of")
    case .tokenReveal: ActionWords("revealed", "reveal")
    case .connectorRetire, .tokenRetire: ActionWords("retired", "retire")
    case .connectorSettle, .tokenSettle: ActionWords("settled", "settle", "the exposure of")
    case .tokenStore: ActionWords("stored", "store")
    case .tokenConfirm: ActionWords("confirmed", "confirm", "the destination of")
    case .tokenCheck: ActionWords("checked", "check")
    case .tokenExchange: ActionWords("exchanged", "exchange")
    case .logExport: ActionWords("exported", "export")
    case .logVerify: ActionWords("verified", "verify", "the log")
    case .logCosign: ActionWords("cosigned", "cosign", "the checkpoint")
    case .logRecover: ActionWords("declared", "declare", "the end of the log lost")
    }
  }

  /// The preposition before the recipient's name: shared with dev, took back from dev.
  fileprivate var preposition: String {
    switch self {
    case .connectorShare, .tokenShare: "with "
    case .connectorUnshare, .tokenUnshare: "from "
    default: ""
    }
  }
}

extension LogLine {
  /// The entry as one sentence: "ada shared the token contoso/crm-sync with dev until 2026-12-31T00:00:00.000Z."
  package var message: String {
    let (action, words) = (entry.action, entry.action.words)
    var said: [String]
    switch entry.outcome {
    case .ok: said = [actor, words.past]
    case .denied: said = [actor, "was not permitted to", words.infinitive]
    case .error: said = [actor, "failed to", words.infinitive]
    }
    if !words.object.isEmpty { said.append(words.object) }
    // An act that failed before there was a token names its connector.
    if let kind = token == nil && connector != nil ? .connector : action.kind {
      said.append("the \(kind.rawValue) \(name ?? entry.text(.item) ?? "")")
    }
    if let recipient { said.append(action.preposition + recipient.name) }
    if let until = entry.text(.until) { said.append("until \(until)") }
    if let particulars { said.append(action == .logExport ? particulars : "(\(particulars))") }
    return said.joined(separator: " ") + "."
  }

  /// Further facts of an entry that are worth a line: the role that it gives, how a value left, what was exported.
  package var particulars: String? {
    switch entry.action {
    case .memberEnroll, .memberRole: entry.role(.role).map { "as \($0.indefinite)" }
    case .connectorReveal, .tokenReveal, .tokenExchange: leaving
    case .tokenStore, .tokenRotate: entry.text(.source).flatMap(Source.init).map(\.words)
    case .tokenRetire: entry.text(.revoked).map { "revoked at its provider at \($0)" }
    case .logExport: exported
    case .logVerify, .logCosign: entry.number(.size).map { "of \(count($0))" }
    case .logRecover: entry.number(.lostSize).map { "a log of \(count($0))" }
    case .vaultRepair: entry.number(.restored).map { "\($0) rows restored" }
    default: nil
    }
  }

  private func count(_ number: UInt64) -> String { number == 1 ? "1 entry" : "\(number) entries" }

  private var leaving: String? {
    let parts = [
      entry.text(.how).flatMap(Leaving.init).map(\.words), entry.text(.source).flatMap(Source.init).map(\.words),
    ].compactMap { $0 }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }

  private var exported: String? {
    guard let admitted = entry.number(.count), let size = entry.number(.size), let format = entry.text(.format) else {
      return nil
    }
    let whole = size == 1 ? "1 entry" : "\(size) entries"
    let part = entry.text(.filter) == nil ? "all \(whole)" : "\(admitted) of the first \(whole)"
    return "\(part) as \(format)"
  }
}

extension Leaving {
  var words: String {
    switch self {
    case .tty: "on a terminal"
    case .pipe: "through a pipe"
    case .exec: "to a program"
    case .file: "into a file"
    case .nowhere: "kept in the process"
    }
  }
}

extension Source {
  var words: String {
    switch self {
    case .cache: "a kept access token"
    case .login: "by a browser's login"
    case .device: "by a device code"
    }
  }
}
