import Foundation

/// The developers' common folder beside the checkout. Tests that need it skip where it is absent.
public enum Shared {
  public static let folder: String = {
    if let named = ProcessInfo.processInfo.environment["CUSTODY_SHARED"] { return named }
    let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return package.deletingLastPathComponent().appendingPathComponent("shared").path
  }()

  public static var isPresent: Bool { FileManager.default.fileExists(atPath: folder + "/vectors") }

  public static func read(_ name: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name))
  }

  /// A JSON file of the folder, as dictionaries and arrays.
  public static func json(_ name: String) throws -> Any { try JSONSerialization.jsonObject(with: read(name)) }
}
