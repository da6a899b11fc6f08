import Foundation

/// A sandbox of one test: its own process, port and folder, stopped when the test lets go of it.
final class RunningSandbox {
  struct Failed: Error { let reason: String }

  /// The binary lies beside the test bundle, whose path the process's map names.
  static let binary: String = {
    let maps = (try? String(contentsOfFile: "/proc/self/maps", encoding: .utf8)) ?? ""
    let bundle = maps.split(separator: "\n").first { $0.hasSuffix(".xctest") }
    let path =
      bundle.flatMap { line in line.firstIndex(of: "/").map { String(line[$0...]) } } ?? CommandLine.arguments[0]
    return URL(fileURLWithPath: path).deletingLastPathComponent().appendingPathComponent("kaizala-sandbox").path
  }()

  private let process = Process()
  private let folder: URL
  let port: UInt16

  init(_ arguments: String...) throws {
    folder = try Self.temporaryFolder()
    let portFile = folder.appendingPathComponent("port")
    try Self.start(process, arguments + ["--port-file", portFile.path], in: folder)
    let deadline = Date() + 200
    while !FileManager.default.fileExists(atPath: portFile.path), process.isRunning, Date() < deadline {
      usleep(10_000)
    }
    let text = (try? String(contentsOf: portFile, encoding: .utf8)) ?? ""
    guard let port = UInt16(text.trimmingCharacters(in: .newlines)) else {
      process.terminate()
      throw Failed(reason: "no port: \(Self.read("err", in: folder))")
    }
    self.port = port
  }

  deinit {
    stop()
    try? FileManager.default.removeItem(at: folder)
  }

  var output: String { Self.read("out", in: folder) }
  var console: String { Self.read("err", in: folder) }

  /// The status it ended with, or -1 for a signal's end.
  @discardableResult func stop(_ signal: Int32 = SIGTERM) -> Int32 {
    if process.isRunning { kill(process.processIdentifier, signal) }
    process.waitUntilExit()
    return process.terminationReason == .exit ? process.terminationStatus : -1
  }

  /// The last PIN that the console named for a number.
  func pin(for number: String) throws -> Int {
    let mark = "PIN for \(number): "
    guard let line = console.split(separator: "\n").last(where: { $0.contains(mark) }),
      let text = line.split(separator: " ").last, let pin = Int(text)
    else { throw Failed(reason: "the console has no PIN for \(number)") }
    return pin
  }

  /// A run that ends by itself.
  static func run(_ arguments: String...) throws -> (status: Int32, output: String, errors: String) {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let process = Process()
    try start(process, arguments, in: folder)
    process.waitUntilExit()
    return (process.terminationStatus, read("out", in: folder), read("err", in: folder))
  }

  private static func start(_ process: Process, _ arguments: [String], in folder: URL) throws {
    process.executableURL = URL(fileURLWithPath: binary)
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try writer("out", in: folder)
    process.standardError = try writer("err", in: folder)
    try process.run()
  }

  private static func temporaryFolder() throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("kaizala-sandbox-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    return folder
  }

  private static func writer(_ name: String, in folder: URL) throws -> FileHandle {
    let file = folder.appendingPathComponent(name)
    try Data().write(to: file)
    return try FileHandle(forWritingTo: file)
  }

  private static func read(_ name: String, in folder: URL) -> String {
    (try? String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)) ?? ""
  }
}
