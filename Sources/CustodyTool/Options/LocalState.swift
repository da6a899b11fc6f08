internal import CustodyEvidence
import Custody
import CustodySecrets
import CustodySystem
import CustodyValues

/// The members of a vault that use this machine, and things remembered for them: one small file per vault.
struct LocalState {
  struct Remembered {
    let name: String
    let id: Identifier
    /// Leaf hash of the vault's first entry, known since they founded it or asked to join.
    let genesis: Digest
    /// The key file's last known path.
    var keyFile: String?
  }

  private static let firstLine = "custody-members/v1"
  private static let limit = 1 << 20
  let path: String
  private(set) var members: [Remembered]

  init(vault: Identifier) throws {
    path = try Folders.state() + "/\(vault.hex).members"
    members = []
    let bytes: [UInt8]?
    do { bytes = try PlainFile.read(path, limit: Self.limit) } catch { bytes = [] }
    guard let bytes else { return }
    guard let read = Self.read(String(decoding: bytes, as: UTF8.self)) else {
      throw VaultError(
        .failed, "cannot read \"\(PrintableText.escape(path))\", which remembers your members of this vault",
        subject: path, hint: "restore the file; or move it away and name your member ID with --as")
    }
    members = read
  }

  private static func read(_ text: String) -> [Remembered]? {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.first == firstLine[...], lines.last == "" else { return nil }
    var members: [Remembered] = []
    for line in lines.dropFirst().dropLast() {
      let words = line.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false)
      guard words.count >= 3, let id = Identifier(hex: String(words[1])),
        let genesis = Digest(typed: String(words[2]))
      else { return nil }
      members.append(
        Remembered(name: String(words[0]), id: id, genesis: genesis, keyFile: words.dropFirst(3).first.map(String.init))
      )
    }
    return members
  }

  /// Remembers a member. It is durable on return: temporary file, fsync, rename, fsync of the folder. A key file's path
  /// with control characters is not remembered: it would make the file unreadable, and lose every member in it.
  mutating func remember(_ member: Remembered) throws {
    var member = member
    member.keyFile = member.keyFile.flatMap { $0.utf8.contains { $0 < 0x20 } ? nil : $0 }
    members.removeAll { $0.id == member.id }
    members.append(member)
    let lines = members.map {
      "\($0.name) \($0.id.hex) \($0.genesis.text)" + ($0.keyFile.map { " \($0)" } ?? "")
    }
    try Folder.makePrivate(Folders.state())
    let file = try NewFile(path: path, replacing: true)
    try file.write(Array(([Self.firstLine] + lines).map { $0 + "\n" }.joined().utf8))
    try file.commit()
  }

  mutating func remember(keyFile path: String?, of id: Identifier) throws {
    guard var member = members.first(where: { $0.id == id }) else { return }
    member.keyFile = path
    try remember(member)
  }

  /// Forgets a vault whose founding failed. A vault that was ever unlocked here has a pin, and one with several members
  /// exists: neither is forgotten.
  func forgetUnfinished() throws {
    let pin = path.dropLast(".members".utf8.count) + ".pin"
    guard members.count < 2, try FileStatus.ifPresent(String(pin)) == nil else { return }
    try Folder.removeFile(path)
  }

  /// The member meant by a name or an ID; without one, the only member there is.
  func member(_ given: String?) throws -> (id: Identifier, genesis: Digest?) {
    guard let given = given ?? Environment.value("CUSTODY_MEMBER") else {
      guard members.count < 2 else {
        throw VaultError(
          .ambiguousName, "several members of this vault are on this machine: \(names)",
          hint: "say who you are: --as \(members[0].name)")
      }
      guard let only = members.first else { throw unknown("no member of this vault is remembered on this machine") }
      return (only.id, only.genesis)
    }
    if let id = Identifier(hex: given) { return (id, members.first { $0.id == id }?.genesis) }
    let found = members.filter { $0.name.utf8.elementsEqual(given.utf8) }
    guard let member = found.last else {
      throw unknown("no member \"\(given)\" of this vault is remembered on this machine")
    }
    return (member.id, member.genesis)
  }

  private var names: String { members.map(\.name).joined(separator: ", ") }

  private func unknown(_ reason: String) -> VaultError {
    VaultError(
      .notFound, reason,
      hint:
        "ask to join with \"custody join\"; or give the member ID that \"custody status\" prints where you joined: --as ID"
    )
  }
}

extension SecureBytes {
  /// The bytes as text, for values from guarded memory that are not secret.
  var openText: String {
    var bytes: [UInt8] = []
    for place in 0..<count { if let byte = byte(at: place) { bytes.append(byte) } }
    return String(decoding: bytes, as: UTF8.self)
  }
}
