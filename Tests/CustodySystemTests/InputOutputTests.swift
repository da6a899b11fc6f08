import CustodySecrets
import CustodySystem
import CustodyValues
import CustodyTesting
import Foundation
import Glibc
import Testing

/// A folder of its own for each test, gone with it.
final class Scratch {
  let path: String
  init() {
    path = NSTemporaryDirectory() + "custody-" + UUID().uuidString
    mkdir(path, 0o700)
  }
  deinit { try? FileManager.default.removeItem(atPath: path) }
  var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path))?.sorted() ?? [] }
}

/// Interrupts the thread all the time.
private func disturb(_ thread: pthread_t) {
  Thread.detachNewThread {
    while true {
      pthread_kill(thread, SIGALRM)
      usleep(200)
    }
  }
}

struct InputTests {
  /// Returns the bytes read from a pipe that another thread fills bit by bit.
  private func piped(_ bytes: [UInt8], limit: Int, step: Int = 1000) throws -> [UInt8] {
    var ends: [Int32] = [0, 0]
    pipe(&ends)
    let (reader, writer) = (ends[0], ends[1])
    signal(SIGPIPE, SIG_IGN)
    Thread.detachNewThread {
      var rest = bytes[...]
      while !rest.isEmpty {
        let put = rest.prefix(step).withUnsafeBytes { write(writer, $0.baseAddress, $0.count) }
        guard put > 0 else { break }
        rest = rest.dropFirst(put)
      }
      close(writer)
    }
    defer { close(reader) }
    return try Input.read(descriptor: reader, limit: limit).plain
  }

  @Test(arguments: [0, 1, 4095, 4096, 4097, 8192, 65_536])
  func `N8: any bytes arrive bit for bit, whatever their count`(count: Int) throws {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    #expect(try piped(bytes, limit: 65_536) == bytes)
  }

  @Test(arguments: [1, 10, 4095, 4096, 5000])
  func `N5: a value at the limit passes and one byte more is refused`(limit: Int) throws {
    #expect(try piped([UInt8](repeating: 7, count: limit), limit: limit).count == limit)
    #expect(throws: InputError.tooLong(limit: limit)) {
      try piped([UInt8](repeating: 7, count: limit + 1), limit: limit)
    }
  }

  @Test func `F18: a closed or missing source is an error that names the cause`() {
    #expect(throws: InputError.cannotRead(SystemError(code: EBADF))) { _ = try Input.read(descriptor: 9999, limit: 9) }
    #expect(throws: InputError.cannotOpen(SystemError(code: ENOENT))) { _ = try Input.file("/nowhere", limit: 9) }
    #expect(throws: InputError.cannotRead(SystemError(code: EISDIR))) { _ = try Input.file("/", limit: 9) }
  }

  @Test func `F16: signals in the middle of a read or a write lose nothing`() async {
    await #expect(processExitsWith: .exitCode(0)) {
      var ends: [Int32] = [0, 0]
      pipe(&ends)
      let (reader, writer) = (ends[0], ends[1])
      // A handler without SA_RESTART, so that calls come back with EINTR.
      var handler = sigaction()
      handler.__sigaction_handler.sa_handler = { _ in }
      sigaction(SIGALRM, &handler, nil)
      let value = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
      // Threads of the pool that runs this come with every signal blocked.
      var alarm = sigset_t()
      sigemptyset(&alarm)
      sigaddset(&alarm, SIGALRM)
      pthread_sigmask(SIG_UNBLOCK, &alarm, nil)
      disturb(pthread_self())
      // Each side is slow in turn, so that the other one blocks, and is interrupted while nothing has moved yet.
      Thread.detachNewThread {
        for start in stride(from: 0, to: value.count, by: 20_000) {
          usleep(5000)
          _ = value[start..<start + 20_000].withUnsafeBytes { write(writer, $0.baseAddress, $0.count) }
        }
        close(writer)
      }
      guard try Input.read(descriptor: reader, limit: 200_000).plain == value else { exit(1) }
      pipe(&ends)
      let (slow, full) = (ends[0], ends[1])
      Thread.detachNewThread {
        var (chunk, got) = ([UInt8](repeating: 0, count: 65_536), [UInt8]())
        while got.count < value.count {
          usleep(5000)
          got += chunk[..<max(0, read(slow, &chunk, chunk.count))]
        }
        exit(got == value ? 0 : 2)
      }
      try Output.write(value, to: full)
      while true { usleep(5000) }
    }
  }

  @Test(arguments: [
    ("x", "x"), ("x\n", "x"), ("x\r\n", "x"), ("x\n\n", "x\n"), ("x\r", "x\r"), ("\n", ""), ("\r\n", ""), ("", ""),
    ("x\n ", "x\n "),
  ])
  func `N7: exactly one line end is dropped`(given: String, kept: String) throws {
    #expect(try SecureBytes(copying: [UInt8](given.utf8)).withoutTrailingNewline().plain == [UInt8](kept.utf8))
  }
}

struct OutputTests {
  @Test func `F17: a full disk is an error`() throws {
    let full = open("/dev/full", O_WRONLY)
    defer { close(full) }
    let error = #expect(throws: SystemError.self) { try Output.write("value", to: full) }
    #expect(error?.isNoSpace == true)
    #expect(error?.text == "no space left on device")
  }

  @Test func `a value longer than a pipe goes through whole`() throws {
    var ends: [Int32] = [0, 0]
    pipe(&ends)
    let (reader, writer) = (ends[0], ends[1])
    let value = (0..<200_000).map { UInt8(truncatingIfNeeded: $0) }
    Thread.detachNewThread {
      if let secret = try? SecureBytes(copying: value) { try? Output.write(secret, to: writer) }
      close(writer)
    }
    #expect(try Input.read(descriptor: reader, limit: 300_000).plain == value)
    close(reader)
  }

  @Test func `a descriptor tells where it leads`() throws {
    let (scratch, pty) = (Scratch(), PseudoTerminal())
    var ends: [Int32] = [0, 0]
    pipe(&ends)
    let file = open(scratch.path + "/f", O_CREAT | O_RDWR, 0o600)
    let (terminal, null) = (open(pty.path, O_RDWR | O_NOCTTY), open("/dev/null", O_RDWR))
    #expect(DescriptorKind(of: ends[1]) == .pipe)
    #expect(DescriptorKind(of: file) == .file)
    #expect(DescriptorKind(of: terminal) == .tty)
    #expect(DescriptorKind(of: null) == .other)
    #expect(DescriptorKind(of: 9999) == .other)
    #expect(Output.isTerminal(terminal) && !Output.isTerminal(file))
    #expect(Output.columns(of: file) == nil)
    var size = winsize(ws_row: 24, ws_col: 72, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(pty.master, UInt(TIOCSWINSZ), &size)
    #expect(Output.columns(of: terminal) == 72)
    for descriptor in [ends[0], ends[1], file, terminal, null] { close(descriptor) }
  }
}

struct NewFileTests {
  @Test func `a file appears whole, private, and alone`() throws {
    let scratch = Scratch()
    let path = scratch.path + "/export.csv"
    let file = try NewFile(path: path)
    try file.write([UInt8]("half".utf8))
    // Not even another name: who is killed here leaves nothing.
    #expect(scratch.names == [])
    try file.write(SecureBytes(copying: [UInt8]("whole".utf8)))
    try file.commit()
    #expect(scratch.names == ["export.csv"])
    #expect(try Input.file(path, limit: 100).plain == [UInt8]("halfwhole".utf8))
    let status = try FileStatus(path)
    #expect(status.mode == 0o600 && status.isPrivate && status.isMine && status.kind == .file && status.size == 9)
  }

  @Test func `a file that is let go of leaves nothing`() throws {
    let scratch = Scratch()
    do {
      let file = try NewFile(path: scratch.path + "/x")
      try file.write([1])
    }
    #expect(scratch.names == [])
  }

  @Test func `L14: a name that is taken is refused at the start and at the end`() throws {
    let scratch = Scratch()
    let path = scratch.path + "/x"
    let first = try NewFile(path: path)
    let second = try NewFile(path: path)
    try first.write([1])
    try second.write([2])
    try first.commit()
    var late: SystemError?
    do throws(SystemError) { try second.commit() } catch { late = error }
    #expect(late == SystemError(code: EEXIST))
    #expect(throws: SystemError(code: EEXIST)) { _ = try NewFile(path: path) }
    #expect(try Input.file(path, limit: 9).plain == [1])
    #expect(scratch.names == ["x"])
    let third = try NewFile(path: path, replacing: true)
    try third.write([3])
    try third.commit()
    #expect(try Input.file(path, limit: 9).plain == [3])
  }

  @Test func `L13: a link at the path is refused, or replaced, and never followed`() throws {
    let scratch = Scratch()
    symlink(scratch.path + "/target", scratch.path + "/link")
    #expect(throws: SystemError(code: EEXIST)) { _ = try NewFile(path: scratch.path + "/link") }
    let file = try NewFile(path: scratch.path + "/link", replacing: true)
    try file.commit()
    #expect(scratch.names == ["link"])
    #expect(try FileStatus(scratch.path + "/link").kind == .file)
  }

  @Test func `a folder that is missing is named by its error`() {
    #expect(throws: SystemError(code: ENOENT)) { _ = try NewFile(path: "/nowhere/at/all") }
  }
}

struct FileSystemTests {
  @Test func `L12: folders are private from their first moment, and what exists stays as it is`() throws {
    let scratch = Scratch()
    try Folder.makePrivate(scratch.path + "/a/b/c")
    for folder in ["/a", "/a/b", "/a/b/c"] {
      let status = try FileStatus(scratch.path + folder)
      #expect(status.mode == 0o700 && status.kind == .folder && status.isPrivate)
    }
    chmod(scratch.path + "/a", 0o755)
    try Folder.makePrivate(scratch.path + "/a")
    #expect(try !FileStatus(scratch.path + "/a").isPrivate)
    try #require(FileManager.default.createFile(atPath: scratch.path + "/f", contents: nil))
    #expect(throws: SystemError(code: ENOTDIR)) { try Folder.makePrivate(scratch.path + "/f/g") }
  }

  @Test func `what is missing has no status`() throws {
    #expect(try FileStatus.ifPresent("/nowhere") == nil)
    let error = #expect(throws: SystemError.self) { _ = try FileStatus("/nowhere") }
    #expect(error?.isMissing == true)
  }

  @Test func `a file in shared memory is local`() throws {
    let file = open("/dev/shm", O_RDONLY)
    defer { close(file) }
    #expect(FileSystem(of: file) == .local)
    #expect(!FileSystem(of: file).isNetwork && FileSystem.network("NFS").isNetwork)
  }

  @Test func `an empty variable counts as unset`() {
    setenv("CUSTODY_TEST_VALUE", "x", 1)
    setenv("CUSTODY_TEST_EMPTY", "", 1)
    #expect(Environment.value("CUSTODY_TEST_VALUE") == "x")
    #expect(Environment.value("CUSTODY_TEST_EMPTY") == nil)
    #expect(Environment.value("CUSTODY_TEST_ABSENT") == nil)
  }
}
