internal import CustodyLog
internal import CustodyValues

extension FileKind {
  static let making = Hint(.exportBundle)
  private static let askingForBundle: Hint = "ask who gave it to you for evidence: \(making)"
  static let accepted: Hint =
    "name a bundle's folder, its .tar, .tgz or .zip, a JSON Lines export or an HTML report of \(step: .exportLog)"

  /// The error for a file that can't be verified: its kind, why not, and what to type instead.
  func refusal(_ path: String, _ slice: FileSlice) -> EvidenceError {
    let name = "\"\(PrintableText.escape(path))\""
    func say(_ reason: String, _ hint: Hint) -> EvidenceError { EvidenceError.unreadable("\(name) \(reason)", hint) }
    switch self {
    case .csv: return say("is a CSV export: it is for spreadsheets, and has no proof in it", Self.askingForBundle)
    case .ocsf: return say("is an OCSF export: it is for tools, and has no proof in it", Self.askingForBundle)
    case .ecs: return say("is an ECS export: it is for tools, and has no proof in it", Self.askingForBundle)
    case .cef: return say("is a CEF export: it is for tools, and has no proof in it", Self.askingForBundle)
    case .checkpoint:
      return say(
        "is \(checkpoint(slice)): it says how long the log was, and has no entry to verify",
        "name it beside a bundle: \(step: .verifyBundle(checkpoint: path))")
    case .proof:
      return say(
        "is \(proof(slice)): no command of custody verifies one alone; tools that read C2SP's tlog-proof do",
        "ask for a bundle that has the entry: \(Self.making); its tlog-policy has the keys for such a tool")
    case .joinRequest: return say("is a request to join a vault, and nothing of a log", Self.accepted)
    case .disclosures: return say("is the disclosed.jsonl of a bundle, a part of it", "name the bundle's folder")
    case .text: return say("is a text out of a bundle, for people to read", "name the bundle's folder")
    case .database:
      return say(
        "is an SQLite file, as a vault is: a bundle is made of one",
        "verify the vault itself: \(step: .verifyVault(path))")
    case .other(let what, let command):
      return say(
        "is \(what), which is no bundle",
        command.map { "unpack it, and name what is in it: \($0) \(ShellWord.quoted(path))" } ?? Self.accepted)
    case .gzip, .zip, .tar, .page, .lines, .unknown: return say("is no bundle, and no export of a log", Self.accepted)
    }
  }

  private func checkpoint(_ slice: FileSlice) -> String {
    guard let bytes = try? slice.read(at: 0, count: SignedNote.limit), let shown = CheckpointRequest.Shown(bytes) else {
      return "a checkpoint"
    }
    let what = shown.proof == nil ? "a checkpoint" : "a request to cosign a checkpoint"
    return "\(what) of \(shown.checkpoint.size) entries of \(shown.checkpoint.origin)"
  }

  private func proof(_ slice: FileSlice) -> String {
    guard let bytes = try? slice.read(at: 0, count: SignedNote.limit), let proof = LogProof(parsing: bytes),
      let head = proof.inclusion?.checkpoint
    else { return "the proof of a log entry" }
    return "the proof of entry \(proof.index) of \(head.origin)"
  }
}
