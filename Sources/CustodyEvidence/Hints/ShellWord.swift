internal import CustodyValues

/// A word quoted for a shell.
package enum ShellWord {
  package static func quoted(_ word: String) -> String {
    let shown = PrintableText.escape(word.utf8.first == 0x2d ? "./" + word : word)
    let isPlain = shown.utf8.allSatisfy {
      (0x30...0x39).contains($0) || (0x41...0x5a).contains($0) || (0x61...0x7a).contains($0)
        || "./_-+,:@%".utf8.contains($0)
    }
    guard !isPlain || shown.isEmpty else { return shown }
    return "'" + shown.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}
