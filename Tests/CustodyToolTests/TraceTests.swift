import CustodyTesting
import Foundation
import Testing

/// System calls of every command, with every byte of them.
@Suite(.waiting) struct TraceTests {
  /// True if strace works; a container may forbid it.
  private static let canTrace =
    (try? Products.run("/usr/bin/env", ["strace", "-o", "/dev/null", "true"]))?.status == 0 && getuid() == 0

  @Test(.enabled("needs strace, and the right to trace", { canTrace }))
  func `no command puts a secret into an argument, its environment or a file outside the vault`() throws {
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
      "Outputs/outputs.py"
    ).path
    let (status, output) = try Products.run(
      "/usr/bin/env", ["python3", script, "--bin", Products.folder, "--trace"], adding: CheapPassphrases.environment)
    #expect(status == 0, "\(output)")
    #expect(output.contains("no secret in an argument, the environment or a file"))
    print(output)
  }
}
