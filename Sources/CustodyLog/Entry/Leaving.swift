/// The way in which a decrypted value left the process, as its reader declares it in their entry.
public enum Leaving: String, CaseIterable, Sendable {
  /// Printed to a terminal.
  case tty
  /// Written to a pipe or another descriptor that is no terminal.
  case pipe
  /// Handed to a program that was started for it.
  case exec
  /// Written to a file.
  case file
  /// Not at all: the value stayed in the process.
  case nowhere
}
