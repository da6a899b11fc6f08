/// Why text is no preset.
public struct PresetError: Error, Hashable, Sendable {
  public let reason: String

  package init(reason: String) { self.reason = reason }
}
