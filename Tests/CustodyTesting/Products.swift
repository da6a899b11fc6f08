import Foundation

/// The executables built by `swift build`, which lie beside the loaded test bundle.
public enum Products {
  /// The folder of the executables.
  public static let folder: String = {
    let maps = (try? String(contentsOfFile: "/proc/self/maps", encoding: .utf8)) ?? ""
    let bundle = maps.split(separator: "\n").first { $0.hasSuffix(".xctest") }
    let path =
      bundle.flatMap { line in line.firstIndex(of: "/").map { String(line[$0...]) } } ?? CommandLine.arguments[0]
    return URL(fileURLWithPath: path).deletingLastPathComponent().path
  }()

  /// Runs a command in the package's folder. Returns its exit status, and standard output and error together.
  public static func run(
    _ command: String, _ words: [String], adding variables: [String: String] = [:]
  ) throws -> (status: Int32, output: String) {
    let (process, pipe) = (Process(), Pipe())
    process.executableURL = URL(fileURLWithPath: command)
    process.arguments = words
    process.environment = ProcessInfo.processInfo.environment.merging(variables) { _, new in new }
    process.standardOutput = pipe
    process.standardError = pipe
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }
}
