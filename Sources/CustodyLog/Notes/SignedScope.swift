internal import CustodyCrypto
package import CustodyValues

/// An export's scope with the signed note that it was parsed from.
package struct SignedScope: Equatable, Sendable {
  package let scope: ExportScope
  /// SHA-256 of all lines of `log.jsonl` but the last.
  package let lines: Digest
  package let note: SignedNote

  /// Parses a note strictly. It does not verify the signature: `isSigned(by:)` does.
  package init?(_ note: SignedNote) {
    guard note.signatures.count == 1, let scope = ExportScope.read(note.text), scope.filter.isPlain,
      let lines = Base64.digest(note.text.dropFirst(scope.text.count + 6).dropLast()),
      note.text == scope.text + ExportScope.ending(lines)
    else { return nil }
    (self.scope, self.lines, self.note) = (scope, lines, note)
  }

  package func isSigned(by exporter: Member) -> Bool { exporter.entryKey(origin: scope.head.origin).verify(note) }
}
