/// The parser's completion script with only our `help` in it. The parser appends a `help` of its own, which would win.
enum CompletionScript {
  static func withOneHelp(_ script: String) -> String {
    let start = "\n_custody_help() {\n"
    let parts = script.split(separator: start, omittingEmptySubsequences: false)
    guard parts.count == 3 else { return script }
    let behind = parts[2].split(separator: "\n}\n", maxSplits: 1, omittingEmptySubsequences: false)
    return parts[0] + start + parts[1] + "\n" + (behind.last ?? "")
  }
}
