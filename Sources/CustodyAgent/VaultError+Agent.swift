package import Custody
internal import CustodyValues

extension VaultError {
  /// The error in words, with its code and a hint.
  package init(agent error: AgentError) {
    let other: Hint = "or do without it: \(step: .use(.noAgent))"
    switch error {
    case .absent: self.init(.notFound, "no agent is running", hint: "start one: \(step: .unlock)")
    case .noRuntimeFolder:
      self.init(
        .failed, "there is no folder for an agent's socket: XDG_RUNTIME_DIR is not set, or not a folder",
        hint: "log in through systemd or another session that makes it, or set it to a folder of yours with mode 0700")
    case .foreign(let path):
      self.init(
        .notPermittedByTheSystem,
        "\"\(path)\" is not ours alone: it is a link, of the wrong kind, or others may enter it",
        subject: path, hint: "look at it, take it away, or give it mode 0700 (the socket 0600)")
    case .foreignPeer:
      self.init(.notPermittedByTheSystem, "the agent belongs to another user", hint: "take its socket away")
    case .closed: self.init(.busy, "the agent ended while it was asked", hint: "run the command again")
    case .timedOut:
      self.init(.busy, "the agent does not answer", hint: "end it (\(step: .seeStatus) says its process), \(other)")
    case .malformed, .lied:
      self.init(.failed, "what the agent answers cannot be true", hint: "end it, look who started it, \(other)")
    case .otherVersion(let version):
      self.init(.failed, "the agent is of another version (\(version))", hint: "end it and unlock again, \(other)")
    case .starting:
      self.init(
        .busy, "another command is about to start the agent, and does not get on",
        hint: "run the command again; if it stays so, look for a \(step: .unlock) that was stopped")
    case .outOfMemory: self.init(.outOfMemory, "cannot get memory that may hold a secret")
    case .failed(let error):
      self.init(
        error.isNoSpace ? .diskFull : .failed, "cannot reach an agent: \(error.text)",
        hint: "look at $XDG_RUNTIME_DIR/custody, \(other)")
    case .refused(let refusal): self.init(refusal)
    }
    underlying = error
  }

  private init(_ refusal: Refusal) {
    switch refusal {
    case .notHeld: self.init(.wrongPassphrase, "this vault is locked", hint: "unlock it: \(step: .unlock)")
    case .declined:
      self.init(
        .cancelled, "the use of the agent was not allowed on the terminal that unlocked it",
        hint: "run it again and answer y, or add \(step: .use(.noAgent))")
    case .changedHands:
      self.init(.integrity, "the agent locked: another vault is where the unlocked one was")
    case .malformed: self.init(.failed, "the agent does not take what it was sent", hint: "end it and unlock again")
    case .otherVersion:
      self.init(
        .failed, "the agent is of another version", hint: "end it and unlock again, or add \(step: .use(.noAgent))")
    case .full:
      self.init(.failed, "the agent holds as many identities as it can", hint: "lock some: \(step: .lockAll)")
    case .notPrivate:
      self.init(
        .failed, "the agent's memory can be read by other programs of yours",
        hint: "do without: \(step: .use(.noAgent))")
    case .busy: self.init(.busy, "somebody is being asked just now", hint: "answer, and run the command again")
    }
  }
}
