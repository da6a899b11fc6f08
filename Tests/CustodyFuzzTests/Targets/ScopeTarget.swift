import CustodyCrypto
import CustodyValues

@testable import CustodyLog

extension FuzzTarget {
  /// An exporter's signed scope, as a note and as its text alone.
  static let scope = FuzzTarget(
    name: "scope", longest: 2048,
    words: [ExportScope.firstLine + "\n", "\naction token.share\n", "\ntenant ", "\nactor ", "\nuntil ", "\nentries "],
    seeds: {
      let person = Cast.shared.people[0]
      var filter = ExportScope.Filter()
      (filter.actions, filter.tenant) = ([.tokenShare, .tokenUnshare], "contoso")
      filter.actor = ExportScope.Person(id: person.id, name: "ada")
      let scope = ExportScope(
        exporter: person.id, time: Timestamp(milliseconds: 1_795_000_000_000),
        head: Checkpoint(origin: "custody.local/x", size: 7, root: SHA256.hash([1])),
        salt: [UInt8](repeating: 7, count: ExportScope.saltCount), filter: filter, unread: 1, entries: 2,
        indexes: SHA256.hash([2])
      )
      let note = scope.signed(lines: SHA256.hash([3]), publicKey: person.keys.entries.bytes) { Cast.shared.sign($0) }
      return [note.text, note.bytes]
    }, run: read(scope:))

  private static func read(scope bytes: [UInt8]) throws {
    let line = VerifierKey(name: "x", ed25519: Cast.shared.people[0].keys.entries.bytes).line(
      signature: [UInt8](repeating: 0, count: 64))
    for note in [SignedNote(parsing: bytes), SignedNote(text: bytes, signatures: [line])] {
      guard let note, let scope = SignedScope(note)?.scope else { continue }
      try hold(note.text.starts(with: scope.text), "a scope is written in one way")
      try hold(scope.filter.isPlain && !scope.filter.words.isEmpty, "a scope says what it is of")
    }
  }
}
