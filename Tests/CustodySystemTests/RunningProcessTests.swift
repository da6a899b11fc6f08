import CustodySystem
import CustodyValues
import Foundation
import Testing

/// A process is reported as gone only if that is certain.
struct RunningProcessTests {
  @Test func `one that was killed is gone, though nobody has asked yet how it ended`() throws {
    var child: pid_t = 0
    let words: [UnsafeMutablePointer<CChar>?] = [strdup("/bin/sleep"), strdup("60"), nil]
    defer { words.forEach { free($0) } }
    try #require(posix_spawn(&child, "/bin/sleep", nil, nil, words, nil) == 0)
    let bytes = try #require(owner(child))
    #expect(RunningProcess(bytes)?.isGone == false)
    kill(child, SIGKILL)
    while try !stat(of: child).contains(") Z ") { usleep(10_000) }
    #expect(RunningProcess(bytes)?.isGone == true)
    waitpid(child, nil, 0)
    #expect(RunningProcess(bytes)?.isGone == true)
  }

  private func stat(of process: pid_t) throws -> String {
    try String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
  }

  /// As that process would name itself.
  private func owner(_ process: pid_t) -> [UInt8]? {
    guard var bytes = RunningProcess.current?.bytes, let line = try? stat(of: process),
      let end = line.lastIndex(of: ")"), let start = UInt64(line[end...].split(separator: " ")[20])
    else { return nil }
    bytes.replaceSubrange(24..<28, with: (0..<4).reversed().map { UInt8(truncatingIfNeeded: Int(process) >> (8 * $0)) })
    bytes.replaceSubrange(
      28..<36, with: (0..<8).reversed().map { UInt8(truncatingIfNeeded: start >> (8 * UInt64($0))) })
    return bytes
  }
}
