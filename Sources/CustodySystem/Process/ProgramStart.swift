package import CustodySecrets
package import CustodyValues
internal import CUnix
internal import Glibc

/// Starts a program in this process's place. It gets variables and files with secrets, and everything that this
/// process was given itself. No process that holds a key remains.
package struct ProgramStart: ~Copyable {
  /// The highest descriptor number that a caller can ask for. This process keeps its own above it.
  package static let highestDescriptor: Int32 = 255

  /// `NAME=value` with its zero byte, in the memory from which `execve` reads it. No Swift array has a copy.
  private var variables: [SecretBox] = []
  private var names: Set<String> = []
  private var files: [Placed] = []

  private final class Placed {
    let file: MemoryFile
    let number: Int32
    init(_ file: consuming MemoryFile, at number: Int32) {
      self.file = file
      self.number = number
    }
  }

  package init() {}

  /// True if this process was given a descriptor of that number, which the program would miss.
  package static func isTaken(_ descriptor: Int32) -> Bool { cunix_is_inherited(descriptor) == 1 }

  /// True if this process may open `count` more files at the numbers where it keeps them (RLIMIT_NOFILE). It tries,
  /// because nothing tells which numbers are taken.
  package static func hasRoom(for count: Int) -> Bool {
    var tried: [Int32] = []
    defer { tried.forEach { close($0) } }
    for _ in 0..<count {
      let made = cunix_duplicate(STDIN_FILENO, highestDescriptor + 1)
      guard made >= 0 else { return false }
      tried.append(made)
    }
    return true
  }

  /// Sets a variable, in place of an inherited one. The value must have no zero byte.
  package mutating func set(_ name: String, to value: borrowing SecureBytes) throws(SecureMemoryError) {
    var text = try SecureBuffer(capacity: name.utf8.count + value.count + 2)
    try text.append(name + "=")
    try text.append(value)
    try text.append(0)
    variables.append(SecretBox(try text.finish()))
    names.insert(name)
  }

  package mutating func set(_ name: String, to text: String) throws(SecureMemoryError) {
    try set(name, to: SecureBytes(copying: Array(text.utf8)))
  }

  package mutating func add(_ secret: borrowing SecureBytes, at number: Int32) throws(SystemError) {
    files.append(Placed(try MemoryFile(secret, lowest: Self.highestDescriptor + 1), at: number))
  }

  /// Adds a file with a secret at a free number.
  /// - Returns: The number.
  package mutating func add(_ secret: borrowing SecureBytes) throws(SystemError) -> Int32 {
    let taken = Set(files.map(\.number))
    guard let free = (10...Self.highestDescriptor).first(where: { !taken.contains($0) && !Self.isTaken($0) }) else {
      throw SystemError(code: EMFILE)
    }
    try add(secret, at: free)
    return free
  }

  /// Becomes the program, with this process's last `count` arguments, byte for byte.
  /// - Returns: The error, if the kernel refuses.
  package consuming func replaceThisProcess(with program: Program, lastArguments count: Int) -> SystemError {
    for placed in files {
      do { try placed.file.place(at: placed.number) } catch { return error }
    }
    Hardening.undoForProgram()
    let first = max(0, ProcessArguments.count - count)
    guard let arguments = unsafe ProcessArguments.values else { return SystemError(code: EINVAL) }
    var environment = unsafe inherited()
    for variable in variables {
      // `execve` only reads; its signature is older than `const`.
      unsafe variable.bytes.withUnsafeBytes { bytes in
        let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
        unsafe environment.append(UnsafeMutablePointer(mutating: start))
      }
    }
    unsafe environment.append(nil)
    let code = unsafe program.path.withCString { path in
      unsafe cunix_execute(path, arguments + first, environment)
    }
    return withExtendedLifetime(variables) { SystemError(code: code) }
  }

  /// Pointers to this process's variables, without those that are set anew.
  private borrowing func inherited() -> [UnsafeMutablePointer<CChar>?] {
    var kept: [UnsafeMutablePointer<CChar>?] = unsafe []
    guard var next = unsafe cunix_environment() else { return unsafe kept }
    while let entry = unsafe next.pointee {
      if unsafe !isReplaced(entry) { unsafe kept.append(entry) }
      unsafe next += 1
    }
    return unsafe kept
  }

  private borrowing func isReplaced(_ entry: UnsafePointer<CChar>) -> Bool {
    guard let sign = unsafe strchr(entry, Int32(UInt8(ascii: "="))) else { return false }
    let length = unsafe UnsafePointer(sign) - entry
    let name = unsafe UnsafeRawBufferPointer(start: entry, count: length)
    return names.contains { unsafe $0.utf8.elementsEqual(name) }
  }
}
