import Foundation

/// A library that makes passphrases cheap for the built command, for tests whose subject is not their cost. Otherwise a
/// thousand commands, with half a second and 256 MiB each, would take most of the tests' time.
public enum CheapPassphrases {
  /// The path of the library to preload; nil if there is no C compiler, and passphrases then have their real cost.
  public static let library: String? = {
    let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/CheapPassphrases/pwhash.c"
    let path = Products.folder + "/cheap-passphrases.so"
    let draft = path + ".\(ProcessInfo.processInfo.processIdentifier)"
    defer { try? FileManager.default.removeItem(atPath: draft) }
    for compiler in ["cc", "clang"] {
      let words = [compiler, "-O1", "-shared", "-fPIC", "-o", draft, source, "-ldl"]
      guard (try? Products.run("/usr/bin/env", words))?.status == 0, rename(draft, path) == 0 else { continue }
      return path
    }
    print("no C compiler: the passphrases of the built command are as expensive as they are for people")
    return nil
  }()

  /// Environment variables for a command, which its children inherit.
  public static var environment: [String: String] { library.map { ["LD_PRELOAD": $0] } ?? [:] }
}
