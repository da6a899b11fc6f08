internal import CustodyCrypto
internal import CustodyLog
internal import CustodyValues

/// The sample entry that VERIFY.txt checks by hand.
package struct BundleSample {
  package let line: LogLine
  /// Number of its line in `log.jsonl`, from 1.
  package let number: Int

  package init(_ line: LogLine, _ number: Int) { (self.line, self.number) = (line, number) }
}

/// A bundle's texts for people: how to verify it without Custody (`VERIFY.txt`), and what it does not prove
/// (`limits.txt`).
package struct BundleTexts {
  package let head: SignedHead
  package let sample: BundleSample?
  /// The scope of a part. Nil for a whole log.
  package let scope: ScopeReport?
  package let disclosed: Int
  package let voids: Int

  package init(head: SignedHead, sample: BundleSample?, scope: ScopeReport?, disclosed: Int, voids: Int) {
    (self.head, self.sample, self.scope, self.disclosed, self.voids) = (head, sample, scope, disclosed, voids)
  }

  private var isWhole: Bool { scope == nil }

  private func base64(_ digest: Digest) -> String { String(decoding: Base64.encode(digest), as: UTF8.self) }

  private var title: String {
    """
    Evidence of the log \(head.checkpoint.origin)
    \(isWhole ? "all" : "a part") of its first \(head.checkpoint.size) entries, root \(base64(head.checkpoint.root))

    """
  }

  package var verify: String {
    title + """

      Every line below that begins with four spaces is a command for a shell in this folder (of an archive, unpack it
      first: tar xf). The tools of steps 1 and 2 are not by the makers of Custody.
          T=$(mktemp -d)

      \(sample.map(byHand) ?? "1. There is no entry to check by hand in this bundle.\n")\(scope.map(byHand) ?? "")
      2. The checkpoint\(secondStep)

      tlog-scales and metamorphic-log are on the Python Package Index (versions 0.0.3 and 0.1.11).
          python3 -m venv "$T/venv" && "$T/venv/bin/pip" -q install tlog-scales==0.0.3 metamorphic-log==0.1.11
      \(python)

      3. All of it: every entry's form, signature, author and right, every file against the entries\(isWhole ? "" : ", the scope")

          custody log verify --bundle .

      Add --genesis with the vault's genesis, if you know it from elsewhere, and --checkpoint with a checkpoint that you
      were given before: it says whether this log leads on from there. limits.txt says what all this does not prove.

      """
  }

  private var secondStep: String {
    guard sample != nil else { return "" }
    return isWhole ? ", the tree and every entry's place in it" : ", and this entry's place in its tree"
  }

  private func byHand(_ sample: BundleSample) -> String {
    let (entry, key) = (sample.line.entry, sample.line.actorKey)
    return """
      1. One entry, by hand: index \(sample.line.position), \(entry.action.rawValue) by \(sample.line.actor)

      Its bytes, as they were signed, are in line \(sample.number) of log.jsonl. Its leaf hash is
      \(sample.line.leafHash.hex).
          sed -n \(sample.number)p log.jsonl | sed 's/.*"entry":"\\([^"]*\\)".*/\\1/' | base64 -d > "$T/entry"
          (printf '\\0'; cat "$T/entry") | sha256sum

      Its author's key is \(base64(key.publicKey)): in actors.txt, behind the first byte, and as
      sign-key in the entry that made \(sample.line.actor) a member. The signature must be verified successfully.
      \(openssl("\"$T/entry\"", key.publicKey))

      """
  }

  private func byHand(_ scope: ScopeReport) -> String {
    """

    What this part of the log covers is in the file scope, signed by \(scope.exporter) under the key \(base64(scope.key.publicKey)).
    \(openssl("scope", scope.key.publicKey))

    """
  }

  /// The commands that verify a signed note with one signature line.
  private func openssl(_ note: String, _ key: Digest) -> String {
    """
        sed '/^$/,$d' \(note) > "$T/text"
        tail -n 1 \(note) | cut -d' ' -f3 | base64 -d | tail -c +5 > "$T/signature"
        (printf '\\060\\052\\060\\005\\006\\003\\053\\145\\160\\003\\041\\000'; echo \(base64(key)) | base64 -d) > "$T/key"
        openssl pkeyutl -verify -pubin -keyform DER -inkey "$T/key" -rawin -in "$T/text" -sigfile "$T/signature"
    """
  }

  /// The commands that verify the checkpoint and the sample. They contain no text from the log: an origin may have
  /// quotes in it.
  private var python: String {
    let check = """
          "$T/venv/bin/python" -c 'import metamorphic_log as m; print(m.checkpoint_verify(open("checkpoint").read(), [l.split()[1] for l in open("tlog-policy") if l[:4] == "log "]))'
      """
    guard let sample else { return check }
    if isWhole {
      return check
        + "\n    \"$T/venv/bin/tlog-tiles\" get-leaf -c \"$PWD\" \(sample.line.position) | cmp - \"$T/entry\""
    }
    let proof = LogProof.name(sample.line.position)
    return check + "\n" + """
          "$T/venv/bin/python" -c 'import base64, hashlib, sys, metamorphic_log as m; lines = open("\(proof)").read().split("\\n\\n")[0].split("\\n"); entry = base64.b64decode(lines[1][6:]); m.checkpoint_verify_inclusion(open("checkpoint").read(), [l.split()[1] for l in open("tlog-policy") if l[:4] == "log "], int(lines[2][6:]), hashlib.sha256(b"\\0" + entry).digest(), [base64.b64decode(l) for l in lines[3:]]); print("included")'
      """
  }

  package var limits: String {
    let part = """
      - It is a part of the log: \(scope?.text ?? "").
        That nothing within that scope was left out is the word of \(scope?.exporter ?? ""), who signed the file "scope", and may
        have left the vault since: whose removal is left out is a member here. What was done between its entries can't be seen from it: a right that it shows may have ended.
        An entry that breaks a rule counts for nothing, and where only the whole log shows the rule, that can't be seen.

      """
    let whole = """
      - That every entry in it counts. Of its entries \(voids) are void: signed by a member, and against a rule. They are
        "void" in log.jsonl and log.csv, and the tools of steps 1 and 2 don't tell them from others.

      """
    return title + """

      What this bundle does not prove:

      \(isWhole ? whole : part)- That the log ends here. Who signed the checkpoint may have cut off what follows, or keep another log besides. It is
        proved only up to what another member cosigned, and up to a checkpoint that you had before (--checkpoint).
      - That this is the vault's log and not another: compare the genesis, which is the leaf hash of entry 0.
      - Whose hands a key was in. A name stands for who was enrolled under it; the enrolment says by whom.
      - When something was done: times are the author's own clock. The order is proved.
      - That nobody else opened a value. Grants are proved; a reveal is declared by an honest client, and who holds a key
        can read a copy of the vault in silence.
      - That somebody has forgotten a value, once their grant was taken back.
      - What a name means where nothing is disclosed of it (items and reasons that are: \(disclosed)).
      - log.csv, actors.txt, tlog-policy, VERIFY.txt and this file are for convenience. They are held against the entries
        by custody log verify --bundle, and by nothing else: before that, read what you are about to run.

      """
  }
}
