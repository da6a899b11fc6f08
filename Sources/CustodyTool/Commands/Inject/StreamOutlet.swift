import Custody
import CustodyLog
import CustodySecrets
import CustodySystem
import CustodyValues

/// The open destination of a text with secrets in it: standard output, a descriptor, or a new file that appears only
/// once it is whole.
struct StreamOutlet: ~Copyable {
  /// The kind of destination, for the log.
  let how: Leaving
  private let descriptor: Int32
  private let file: NewFile?

  private init(how: Leaving, descriptor: Int32 = -1, file: consuming NewFile? = nil) {
    (self.how, self.descriptor) = (how, descriptor)
    self.file = file
  }

  static func to(_ output: SecretOutput, descriptor: Int32?) throws -> StreamOutlet {
    if let path = output.output { return StreamOutlet(how: .file, file: try NewFile.named(path)) }
    let descriptor = descriptor ?? 1
    guard descriptor > 0, ProgramStart.isTaken(descriptor), Output.isWritable(descriptor) else {
      throw VaultError(
        .usage, "descriptor \(descriptor) is not open to write to", hint: "open it: custody inject --fd 3 3>file")
    }
    switch DescriptorKind(of: descriptor) {
    case .tty:
      guard output.reveal else {
        throw VaultError(
          .usage, "the output is a terminal, where a secret stays to be read",
          hint: "add --reveal, or send it on: \"… | other-command\"")
      }
      return StreamOutlet(how: .tty, descriptor: descriptor)
    case .file: return StreamOutlet(how: .file, descriptor: descriptor)
    case .pipe, .other: return StreamOutlet(how: .pipe, descriptor: descriptor)
    }
  }

  borrowing func write(_ piece: borrowing SecureBytes) throws {
    switch file {
    case .some(let file): try file.write(piece)
    case .none:
      try Console.writing(to: "descriptor \(descriptor)") { try Output.write(piece, to: descriptor) }
    }
  }

  consuming func commit() throws {
    switch consume file {
    case .some(let file): try file.commit()
    case .none: break
    }
  }
}

/// A buffer in guarded memory, so that a million small pieces are not a million system calls.
struct GuardedStream: ~Copyable {
  private static let size = 1 << 16
  private let outlet: StreamOutlet
  private var buffer: SecureBuffer

  init(_ outlet: consuming StreamOutlet) throws {
    self.outlet = outlet
    buffer = try SecureBuffer(capacity: Self.size)
  }

  mutating func write(_ bytes: ArraySlice<UInt8>) throws {
    var rest = bytes
    while !rest.isEmpty {
      let piece = rest.prefix(Self.size)
      rest = rest.dropFirst(piece.count)
      try makeRoom(for: piece.count)
      try buffer.append(piece)
    }
  }

  mutating func write(_ secret: borrowing SecureBytes) throws {
    try makeRoom(for: secret.count)
    try buffer.append(secret)
  }

  consuming func finish() throws {
    try flush()
    try outlet.commit()
  }

  private mutating func makeRoom(for count: Int) throws {
    if buffer.count + count > Self.size { try flush() }
  }

  private mutating func flush() throws {
    try outlet.write(buffer.take())
  }
}
