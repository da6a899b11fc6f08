import Custody
import CustodyLog
import CustodySystem
import CustodyValues

/// Checks of the vault's file, its neighbours, and this machine's memory of it.
struct VaultCheckup {
  private let path: String
  private(set) var findings: [Finding] = []
  private var folder: String { Folder.of(path) }

  init(_ path: String) {
    self.path = path
    if Self.isAbsent(path) {
      add("vault", .warn, "there is none at \(path)", "found one: \"custody init\", or name it with --vault PATH")
    } else {
      checkFile()
    }
    checkState()
  }

  private mutating func checkFile() {
    checkVault()
    checkModes([folder, path, path + "-wal", path + "-shm"], "files")
    checkFileSystem()
    checkLeftovers()
  }

  /// True if there is no file. One that can't be examined is not absent: opening it tells why.
  private static func isAbsent(_ path: String) -> Bool {
    do { return try FileStatus.ifPresent(path) == nil } catch { return false }
  }

  private var name: String { String(path.split(separator: "/").last ?? "") }

  private mutating func add(_ check: String, _ state: Finding.State, _ found: String, _ remedy: String? = nil) {
    findings.append(Finding(check, state, found, remedy))
  }

  private mutating func checkVault() {
    do throws(VaultError) {
      let vault = try Vault.open(at: path)
      let counts = try vault.counts()
      let (entries, members) = (counts["log_entry"] ?? 0, counts["member"] ?? 0)
      if vault.isReadOnly {
        add(
          "vault", .warn, "it can't be written: no secret can be revealed, since each reveal is logged",
          "chmod u+w \(path)")
      } else {
        add("vault", .ok, "\(path): \("member".counted(members)), \("log entry".counted(entries))")
      }
      checkMemory(of: vault.id, entries)
      checkAdmins(members)
      checkKeyFiles(of: vault.id)
    } catch {
      findings.append(Finding("vault", .bad, error))
    }
  }

  /// Checks that the vault has all entries that this machine has verified. Some are missing if its `-wal` was lost or
  /// it is an older copy.
  private mutating func checkMemory(of vault: Identifier, _ entries: UInt64) {
    do {
      let pins = PinFolder(path: try Folders.state())
      guard let pin = try pins.pin(of: vault) else {
        return add("history", .unknown, "this machine has not unlocked the vault yet", "custody log verify")
      }
      let size = pin.checkpoint.size
      guard entries >= size else {
        return add(
          "history", .bad,
          "the vault has \("log entry".counted(entries)), and this machine knows \(size): it is an old copy, or its -wal is lost",
          "find the newest copy with its -wal; if it is lost: \"custody log recover --reason …\"")
      }
      guard pin.pinned <= .now() else {
        return add(
          "history", .bad, "it was last seen on this machine at \(pin.pinned.text), which is in the future",
          "set the clock: \"timedatectl\"")
      }
      add(
        "history", .ok,
        "goes as far as the \("entry".counted(size)) that this machine knows; \"custody log verify\" proves it")
      let saved = pins.rescued(of: vault).count
      guard saved > 0 else { return }
      add(
        "rescued", .warn,
        "\("refresh token".counted(saved)) that the vault could not take \(saved == 1 ? "is" : "are") saved on this machine",
        "exchange \(saved == 1 ? "that token" : "those tokens") once more: \"custody token keepalive --all\"")
    } catch let error as VaultError {
      findings.append(Finding("history", .bad, error))
    } catch { add("history", .unknown, "it can't be read") }
  }

  /// Checks the number of members. Their roles are sealed, but a single member is a risk in any role.
  private mutating func checkAdmins(_ members: UInt64) {
    guard members > 1 else {
      return add(
        "admins", .warn, "there is one member: a lost passphrase loses the vault",
        "ask someone to \"custody join --role admin\"")
    }
    add("admins", .unknown, "the roles of its \(members) members are sealed; keep two admins", "custody member list")
  }

  private mutating func checkKeyFiles(of vault: Identifier) {
    for member in (try? LocalState(vault: vault).members) ?? [] {
      guard let place = member.keyFile else { continue }
      guard let status = try? FileStatus(place) else {
        add(
          "key file", .warn, "\(place), of \(member.name), is not there", "bring the medium, or name it with --key-file"
        )
        continue
      }
      guard status.isPrivate || status.kind == .link else {
        add("key file", .bad, "others can read or write \(place), of \(member.name)", "chmod 400 \(place)")
        continue
      }
      add("key file", .ok, "\(place), of \(member.name), is yours alone")
    }
  }

  /// Checks permissions. Others with write access to the file or its folder can remove the vault; those with read
  /// access learn sizes and times.
  private mutating func checkModes(_ paths: [String], _ check: String) {
    let before = findings.count
    var isThere = false
    for path in paths {
      guard let status = try? FileStatus.ifPresent(path) else { continue }
      isThere = true
      let mode = "mode \(String(status.mode, radix: 8))"
      let remedy = "chmod \(status.kind == .folder ? "700" : "600") \(path)"
      // In a sticky folder such as /tmp others can't remove the file.
      if status.mode & 0o022 != 0, status.mode & 0o1000 == 0 {
        add(check, .bad, "others can change \(path) (\(mode))", remedy)
      } else if !status.isMine {
        add(check, .warn, "\(path) belongs to another user", "look whose it is: ls -ld \(path)")
      } else if !status.isPrivate {
        add(check, .warn, "others can look into \(path) (\(mode)): how much there is, no secret", remedy)
      }
    }
    guard findings.count == before else { return }
    add(check, .ok, isThere ? "yours alone" : "not there yet")
  }

  private mutating func checkFileSystem() {
    switch FileSystem(at: folder) {
    case .local?: add("file system", .ok, "of this machine, with locks that hold")
    case .network(let name)?:
      add(
        "file system", .bad, "\(name): its locks can't be relied on, and custody refuses it",
        "keep the vault on a disk of this machine")
    case .userSpace?:
      add(
        "file system", .warn, "a program keeps it (FUSE): whether locks and power cuts are safe, it alone knows",
        "keep the vault on a disk of this machine")
    case nil: add("file system", .unknown, "the folder can't be opened")
    }
  }

  /// Checks for copies from before a migration, and for unfinished files of commands that were killed.
  private mutating func checkLeftovers() {
    let found = ((try? Folder.names(in: folder)) ?? [])
      .filter { $0.hasPrefix(name + ".before-") || $0.hasPrefix(name + ".founding-") || $0.hasPrefix(".\(name).") }
      .sorted()
    guard let first = found.first else { return }
    add(
      "leftovers", .warn,
      "\(found.joined(separator: ", ")) in \(folder): older copies open as they did, with older passphrases",
      "once all is well: shred -u \(folder)/\(first)")
  }

  private mutating func checkState() {
    guard let state = try? Folders.state() else { return add("state folder", .unknown, "HOME is not set") }
    checkModes([state], "state folder")
  }
}
