internal import CustodyEvidence
import Custody
import CustodyAgent
import CustodyLog
import CustodySystem
import CustodyValues

extension GlobalOptions {
  /// Unlocks the vault as one member: with the agent if it holds their keys, otherwise by their credential.
  func unlock() throws -> Session {
    let path = try vaultPath()
    let vault = try Vault.open(at: path)
    let member: Identifier
    let genesis: Digest?
    do { (member, genesis) = try unlockable(vault) } catch {
      // No known member, as where this is another vault than the one that was unlocked here.
      tellAgent(of: vault, at: path)
      throw error
    }
    let pins = PinFolder(path: try Folders.state())
    let session: Session
    if let holder = try agentHolder(of: member, in: vault, at: path) {
      session = try unlock(vault, at: path, as: member, with: holder, genesis, pins)
    } else {
      session = try unlock(vault, as: member, genesis, pins)
    }
    if let fault = session.stop {
      Console.warn(
        "\(Console.alarming("warning:")) \(fault.text); this vault is read up to there, and nothing is written to it")
      if let cover = try? session.stopCover() {
        Console.warn("\(cover.signer) signed a checkpoint of \(cover.size) entries, over what is not read")
      }
    }
    if let log = session.untrustedLog {
      Console.warn(
        "hint: if \"\(PrintableText.escape(log))\" is of another copy, move it away and keep it; it was left as it is")
    }
    if let conflict = session.pinConflict { Console.warn("\(Console.alarming("warning:")) \(conflict.text)") }
    if let done = session.finishedRecovery {
      Console.say("note: this machine goes on with this vault now, as you recorded with log entry \(done.position)")
    }
    return session
  }

  private func unlock(
    _ vault: consuming Vault, at path: String, as member: Identifier, with holder: AgentHolder, _ genesis: Digest?,
    _ pins: PinFolder
  ) throws -> Session {
    let reason: String
    ProgressLine.begin("unlocking")
    defer { ProgressLine.end() }
    do {
      return try vault.unlock(as: member, with: holder, genesis: genesis, pins: pins, progress: ProgressLine.count)
    } catch {
      guard error.code == .integrity else { throw error }
      reason = error.reason
    }
    // The vault or the agent's keys are wrong; the passphrase tells which, and is asked for on its own line.
    ProgressLine.end()
    Console.warn("note: the vault does not open with the agent's keys: \(PrintableText.escape(reason))")
    return try unlock(Vault.open(at: path), as: member, genesis, pins)
  }

  /// The member to unlock as, determined before anything is asked for: without approval no passphrase unlocks.
  func unlockable(_ vault: borrowing Vault) throws -> (member: Identifier, genesis: Digest?) {
    let (member, genesis) = try LocalState(vault: vault.id).member(self.member)
    guard try vault.standing(of: member) != .requested else {
      throw VaultError(
        .notApproved, "cannot unlock: no admin has approved you yet",
        hint: "ask an admin to run \"custody member approve\" and compare fingerprints with you")
    }
    return (member, genesis)
  }

  private func unlock(
    _ vault: consuming Vault, as member: Identifier, _ genesis: Digest?, _ pins: PinFolder
  ) throws -> Session {
    let credential = try credential(of: member, in: vault)
    ProgressLine.begin("unlocking")
    defer { ProgressLine.end() }
    return try vault.unlock(as: member, by: credential, genesis: genesis, pins: pins, progress: ProgressLine.count)
  }
}

/// Finds the name that was meant by a typed one: that name exactly, or else the only one that it begins.
enum Resolving {
  static func item(_ kind: ItemKind, _ typed: String, in session: borrowing Session) throws -> String {
    if session.contains(kind, typed) {
      // An item whose name can't be decrypted goes by its ID; any other goes by its name.
      guard Identifier(hex: typed) != nil else { return typed }
      return try session.unlessClosed { try session.name(of: kind, typed) } ?? typed
    }
    let names = try Console.counting("reading names") { try session.names(kind, progress: $0) }
    return try resolve(typed, kind.rawValue, names, list: "custody \(kind.rawValue) list")
  }

  /// Names of a connector's tokens in use; IDs where a name can't be decrypted.
  static func tokensInUse(of connector: String, in session: borrowing Session) throws -> [String] {
    let ids = session.tokensInUse(of: try session.knownItem(.connector, connector).id)
    guard !ids.isEmpty else { return [] }
    var names: [Identifier: String] = [:]
    let wanted = Set(ids)
    try session.unlessClosed { try session.eachToken { if wanted.contains($0.id) { names[$0.id] = $0.details.name } } }
    return ids.map { names[$0] ?? $0.hex }.sorted()
  }

  static func member(_ typed: String, in session: borrowing Session) throws -> Member {
    let members = try session.knownMembers()
    let name = try resolve(typed, "member", members.map(\.name), list: "custody member list")
    guard let member = members.first(where: { $0.name == name }) else {
      throw VaultError(.notFound, "there is no member \"\(name)\"", subject: name)
    }
    return member
  }

  static func resolve(_ typed: String, _ what: String, _ names: [String], list: String) throws -> String {
    if let exact = names.first(where: { $0.utf8.elementsEqual(typed.utf8) }) { return exact }
    let begun = typed.isEmpty ? [] : names.filter { $0.utf8.starts(with: typed.utf8) }
    if begun.count == 1, let only = begun.first { return only }
    let shown = PrintableText.escape(typed)
    guard begun.isEmpty else {
      throw VaultError(
        .ambiguousName, "several \(what)s begin with \"\(shown)\": \(begun.sorted().prefix(5).joined(separator: ", "))",
        subject: shown, hint: "type more of the name")
    }
    let hint = Spelling.nearest(typed, among: names).map { "did you mean \"\($0)\"?" as Hint }
    throw VaultError(
      .notFound, "there is no \(what) \"\(shown)\"", subject: shown, hint: hint ?? "list them: \"\(list)\"")
  }
}

extension Session {
  /// The body's result; nil if something in it fails integrity. An item that its author sealed badly can then still be
  /// ended by an admin.
  borrowing func unlessClosed<R>(_ body: () throws -> R) throws -> R? {
    do { return try body() } catch let error as VaultError where error.code == .integrity { return nil }
  }

  borrowing func name(of kind: ItemKind, _ typed: String) throws -> String {
    kind == .token ? try token(typed).details.name : try connector(typed).details.name
  }

  /// Names of the items in use.
  fileprivate func names(_ kind: ItemKind, progress: @escaping ProgressReport) throws -> [String] {
    var names: [String] = []
    switch kind {
    case .token: try eachToken(progress: progress) { if !$0.item.isRetired { names.append($0.details.name) } }
    case .connector: try eachConnector(progress: progress) { if !$0.item.isRetired { names.append($0.details.name) } }
    }
    return names
  }
}

/// Shows a change and its consequence, then asks.
extension GlobalOptions {
  func confirm(_ consequence: [String], question: String) throws {
    for line in consequence { Console.warn(line) }
    guard !yes else { return }
    guard !asksNothing else {
      throw VaultError(.usage, "this needs an answer, and --no-input forbids to ask", hint: "say yes beforehand: --yes")
    }
    let terminal: Terminal
    do { terminal = try Terminal() } catch {
      throw VaultError(
        .usage, "this needs an answer, and there is no terminal to ask on", hint: "say yes beforehand: --yes")
    }
    guard try terminal.confirm(question) else {
      throw VaultError(.cancelled, "cancelled; nothing was changed", hint: "answer y to go on")
    }
  }
}
