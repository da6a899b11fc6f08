import ArgumentParser
import CustodyJSON
import CustodyMemory

struct Limits: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "limits", abstract: "What Custody can't promise.")

  @OptionGroup var options: GlobalOptions

  static let all = [
    "Who already holds a key can read a copied vault in silence: grants are proved, reveals are declared by honest clients.",
    "Taking a grant back makes nobody forget: a value that was open to someone must be rotated at its provider.",
    "An old copy put back, or a log whose end was cut, is seen by those who verified a later state, and by nobody else.",
    "An admin who holds a value can tell it to anyone, by any other way.",
    "Whoever controls this machine while you type a passphrase or show a secret has both.",
    "Random IDs, sizes, counts and times in the file are open: a thief learns how much there is, and which rows belong together.",
    "A passphrase that can be guessed will be: the file may be tried offline, at half a second and 256 MiB a guess.",
    "A wrong passphrase leaves no entry in the log: who can't unlock can't sign.",
    "A lost passphrase is lost. Nobody can reset it; keep a second admin.",
    "A changed passphrase or key file does not change older copies of the file: they open as they did.",
    "A machine's key file lies where its programs read it; that it only exchanges is its own client's word, though a log with more is refused.",
    "A provider may rotate a token and the reply may be lost on the way: the vault can't store what never arrived, and says so.",
  ]

  func run() throws {
    guard !options.json else {
      return try Console.print(
        JSONValue.object(["v": 1, "limits": .array(Self.all.map { .string($0) })]).text())
    }
    // For whoever reads on a terminal in its lines; a pipe gets one a limit.
    let width = Output.isTerminal(1) ? Wrapped.width - 2 : .max
    for limit in Self.all {
      for (number, line) in Wrapped.lines(limit, width: width).enumerated() {
        try Console.print((number == 0 ? "- " : "  ") + line)
      }
    }
  }
}
