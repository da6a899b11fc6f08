import CustodyTesting
import Foundation
import Testing

/// Runs processes that exchange tokens with a failing provider and are killed. `make soak` runs these for longer.
@Suite(.serialized, .waiting) struct FaultTests {
  private func run(_ script: String, _ words: String...) throws -> String {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Faults/\(script)")
      .path
    let (status, output) = try Products.run(
      "/usr/bin/env", ["python3", path, "--bin", Products.folder] + words, adding: CheapPassphrases.environment)
    #expect(status == 0, "\(output)")
    return output
  }

  @Test(arguments: ["grace", "dead"])
  func `fifty processes on one token, killed at random, lose none and ask once`(manner: String) throws {
    let output = try run("soak.py", "--manner", manner, "--rounds", "8")
    #expect(output.contains("0 tokens lost, 0 families ended"))
    print(output)
  }

  @Test func `no proxy of the environment sees a secret, and none of their passwords is shown`() throws {
    #expect(try run("proxies.py").contains("none saw a secret, and no password was shown"))
  }

  @Test func `a provider that says secrets back has them in no output, file or core`() throws {
    #expect(try run("leaks.py").contains("none was shown or written down; a crash left no core"))
  }

  /// True if strace works; a container may forbid it.
  private static let canTrace =
    (try? Products.run("/usr/bin/env", ["strace", "-o", "/dev/null", "true"]))?.status == 0 && getuid() == 0

  @Test(.enabled("needs strace, and the right to trace", { canTrace }))
  func `a process that stood still asks nobody once it was taken over`() throws {
    let output = try run("stalled.py")
    #expect(output.contains("who was taken over asks nobody"))
  }

  @Test(.enabled("needs strace, and the right to trace", { canTrace }))
  func `no fault, at no point of no kind of rotation, loses a token`() throws {
    // Every fault of every kind of rotation, each at two of the eight points.
    let output = Sweep.isWhole ? try run("matrix.py") : try run("matrix.py", "--points", "2", "--seed", "\(Sweep.seed)")
    #expect(output.contains("cases of fault, rotation and kill point: no token lost, no family ended"))
    print(output)
  }

  @Test(.enabled("needs strace, and the right to trace", { canTrace }))
  func `a login's tokens are in no file, argument or output, and Ctrl-C orphans none`() throws {
    let output = try run("login.py")
    #expect(output.contains("in no file, argument or output"))
    #expect(output.contains("Ctrl-C during the exchange left a token in the vault"))
  }
}
