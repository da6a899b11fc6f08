/// How a value left this process, as the one who took it declares it; `nowhere` where it did not.
public enum Leaving: String, CaseIterable, Sendable {
  case tty, pipe, exec, file, nowhere
}
