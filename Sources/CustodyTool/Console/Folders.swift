import ArgumentParser
import Custody
import CustodySystem
import CustodyValues

/// Default folders, by the XDG base directories.
enum Folders {
  static func data() throws -> String { try folder("XDG_DATA_HOME", "/.local/share") }
  static func state() throws -> String { try folder("XDG_STATE_HOME", "/.local/state") }
  static func config() throws -> String { try folder("XDG_CONFIG_HOME", "/.config") }

  private static func folder(_ variable: String, _ fallback: String) throws -> String {
    if let named = Environment.value(variable), named.hasPrefix("/") { return named + "/custody" }
    guard let home = Environment.value("HOME") else {
      throw VaultError(.usage, "cannot tell where your files are: HOME is not set", hint: "set HOME, or name --vault")
    }
    return home + fallback + "/custody"
  }
}
