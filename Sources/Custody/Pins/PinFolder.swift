internal import CustodyLog
internal import CustodySystem
package import CustodyValues
internal import CustodyStore

/// The folder in which this machine remembers vaults: for each, its pin and the sealed fold of its log.
public struct PinFolder: Sendable {
  /// The folder's path.
  public let path: String
  /// Number of rows that a first fold keeps in memory, about 20 MiB. More go into a file while the log is folded.
  let rowsInMemory: Int

  /// Names a folder. It is made, readable by its owner alone, when the first pin is written.
  public init(path: String) { self.init(path: path, rowsInMemory: 10_000) }

  package init(path: String, rowsInMemory: Int) { (self.path, self.rowsInMemory) = (path, rowsInMemory) }

  func pinPath(_ vault: Identifier) -> String { "\(path)/\(vault.hex).pin" }
  func foldPath(_ vault: Identifier) -> String { "\(path)/\(vault.hex).fold" }
  func rescuePath(_ vault: Identifier, _ item: Identifier) -> String { "\(path)/\(vault.hex).\(item.hex).rescue" }

  /// Reads a vault's pin. Nil if the vault was never unlocked here. A pin that can't be read is an error of its own,
  /// not a conflict.
  package func pin(of vault: Identifier) throws(VaultError) -> Pin? {
    let path = pinPath(vault)
    let bytes: [UInt8]?
    do { bytes = try PlainFile.read(path, limit: Pin.limit) } catch {
      throw unreadable(path, "the system does not let it be read")
    }
    guard let bytes else { return nil }
    guard let pin = Pin(parsing: bytes) else { throw unreadable(path, "it is damaged, perhaps by a power cut") }
    return pin
  }

  private func unreadable(_ path: String, _ why: String) -> VaultError {
    VaultError(
      .pinUnreadable,
      "cannot read \"\(PrintableText.escape(path))\", which remembers how far you verified this vault: \(why)",
      subject: path,
      hint: "restore the file; or compare size and root with another member, then move it away and run this again")
  }

  /// Stores a pin, and returns the one that is stored then: a pin only moves forward, and another process may be ahead.
  /// After power loss the previous pin may reappear, as if this unlock had not happened. The first pin, and one that
  /// replaces another that was lost, are durable on return.
  @discardableResult
  func keep(_ pin: Pin, of vault: Identifier, replacing lost: Pin? = nil) throws(VaultError) -> Pin {
    do {
      try Folder.makePrivate(path)
      return try FileLock.hold("\(path)/\(vault.hex).lock") {
        var other = try self.pin(of: vault)
        if let lost, other?.checkpoint == lost.checkpoint { other = nil }
        if let other, other.checkpoint.size > pin.checkpoint.size { return other }
        let file = try NewFile(path: pinPath(vault), replacing: true)
        try file.write(pin.bytes)
        try file.commit(other == nil ? .durable : .whole)
        return pin
      }
    } catch let error as VaultError { throw error } catch {
      let reason = (error as? SystemError)?.text ?? "it failed"
      throw VaultError(
        (error as? SystemError)?.isNoSpace == true ? .diskFull : .failed,
        "cannot remember how far this vault was verified, in \"\(PrintableText.escape(path))\": \(reason)",
        subject: path, hint: "make the folder writable, or name another with XDG_STATE_HOME"
      ).caused(by: error)
    }
  }

  /// Paths of rescue files: each holds a refresh token that the vault could not store. The next exchange of that token
  /// stores it.
  package func rescued(of vault: Identifier) -> [String] {
    ((try? Folder.names(in: path)) ?? []).filter { $0.hasPrefix("\(vault.hex).") && $0.hasSuffix(".rescue") }.map {
      "\(path)/\($0)"
    }.filter { path in (try? PlainFile.read(path, limit: 1 << 20)).flatMap { $0 }.flatMap { Rescue($0) } != nil }
  }

  /// Removes the kept fold, which is only a cache: without it the log is folded from its first entry.
  func removeFold(of vault: Identifier) {
    FoldFile.remove(at: foldPath(vault))
  }
}

extension PinFolder? {
  /// Remembers nothing, so that nobody notices if the vault is rolled back. For tests, and for copies to be discarded.
  public static var unpinned: PinFolder? { nil }
}
