import CustodyTesting
import Foundation
import Testing

/// The output of every command under `--json`, compared with docs/schema.
@Suite(.waiting) struct SchemaTests {
  private static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path
  private static let python = package + "/.build/venv/bin/python"
  /// True if `make venv` was run; on CI it must have been.
  private static let isThere =
    FileManager.default.fileExists(atPath: package + "/.build/venv/.ready")
    || ProcessInfo.processInfo.environment["CI"] != nil

  private func run(schemas: String) throws -> (status: Int32, output: String) {
    let script = Self.package + "/Tests/CustodyToolTests/Outputs/outputs.py"
    return try Products.run(
      Self.python, [script, "--bin", Products.folder, "--schemas", schemas], adding: CheapPassphrases.environment)
  }

  @Test(.enabled(if: isThere, "run \"make venv\" first: the validator of others is not there"))
  func `every command's output, and every error's, is as its published schema says`() throws {
    let (status, output) = try run(schemas: Self.package + "/docs/schema")
    #expect(status == 0, "\(output)")
    #expect(output.contains("are as their schemas say"))
    print(output)
  }

  @Test(.enabled(if: isThere, "run \"make venv\" first: the validator of others is not there"))
  func `a schema that says otherwise, or is missing, is found`() throws {
    let folder = try TemporaryVault.makeFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let copy = folder + "/schema"
    try FileManager.default.copyItem(atPath: Self.package + "/docs/schema", toPath: copy)
    let path = copy + "/token-list.schema.json"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try text.replacingOccurrences(of: "\"shared_with\"", with: "\"shared\"").write(
      toFile: path, atomically: true, encoding: .utf8)
    let changed = try run(schemas: copy)
    #expect(changed.status != 0)
    #expect(changed.output.contains("token list:"), "\(changed.output)")
    try FileManager.default.removeItem(atPath: path)
    let missing = try run(schemas: copy)
    #expect(missing.output.contains("commands without a schema"), "\(missing.output)")
  }
}
