import Custody
import CustodyExchange
import CustodySecrets
import CustodySystem
import CustodyValues

/// A provider's preset on this machine: Custody's own, or one that was added and takes precedence.
struct Provider {
  let preset: Preset
  /// The file of a preset that was added; nil for Custody's own.
  let path: String?

  /// IDs of Custody's presets in their order, then of those that were added.
  static func ids() throws -> [String] {
    try Preset.ids + added().filter { !Preset.ids.contains($0) }
  }

  /// The provider with this ID, or the only one whose ID begins so. Only its file is read.
  static func named(_ typed: String) throws -> Provider {
    let id = try Resolving.resolve(typed, "provider", ids(), list: "custody provider list")
    guard try added().contains(id) else {
      guard let preset = Preset.named(id) else {
        throw VaultError(.notFound, "there is no provider \"\(id)\"", subject: id)
      }
      return Provider(preset: preset, path: nil)
    }
    let path = try folder() + "/\(id).json"
    let preset: Preset
    do {
      guard let text = try PlainFile.read(path, limit: Preset.mostBytes) else { throw unreadable(path, "it is gone") }
      preset = try Preset(parsing: text)
    } catch let error as InputError { throw unreadable(path, VaultError(error).reason) } catch let error as PresetError
    {
      throw unreadable(path, error.text)
    }
    guard preset.id == id else { throw unreadable(path, "it is preset \"\(preset.id)\"") }
    return Provider(preset: preset, path: path)
  }

  /// Stores a preset's file, durable on return, and readable to its owner only since it decides where secrets go.
  static func keep(_ preset: Preset, _ text: borrowing SecureBytes) throws -> (path: String, replaced: Bool) {
    let path = try folder() + "/\(preset.id).json"
    let replaced = try FileStatus.ifPresent(path) != nil
    try Folder.makePrivate(folder())
    let file = try NewFile(path: path, replacing: true)
    try file.write(text)
    try file.commit()
    return (path, replaced)
  }

  private static func folder() throws -> String { try Folders.config() + "/providers" }

  private static func added() throws -> [String] {
    guard let folder = try? folder(), let status = try FileStatus.ifPresent(folder), status.kind == .folder else {
      return []
    }
    return try Folder.files(below: folder).filter { $0.hasSuffix(".json") && !$0.hasPrefix(".") && !$0.contains("/") }
      .map { String($0.dropLast(5)) }
  }

  private static func unreadable(_ path: String, _ reason: String) -> VaultError {
    VaultError(
      .badPreset, "cannot use \"\(PrintableText.escape(path))\": \(PrintableText.escape(reason))", subject: path,
      hint: "correct the file, or take it away")
  }
}
