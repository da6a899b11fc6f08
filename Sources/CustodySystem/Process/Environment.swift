internal import CustodyValues
internal import Glibc

package enum Environment {
  /// A variable's value, if it is set, not empty, and UTF-8.
  package static func value(_ name: String) -> String? {
    guard let found = unsafe getenv(name), let text = unsafe String(validatingCString: found) else { return nil }
    return text.isEmpty ? nil : text
  }
}
