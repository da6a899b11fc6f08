internal import CustodySecrets
internal import Glibc

/// The kind of file behind a descriptor. The log names it for a value that was revealed.
package enum DescriptorKind: String, Sendable {
  case tty, pipe, file, other

  package init(of descriptor: Int32) {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { self = .other; return }
    switch status.st_mode & S_IFMT {
    case S_IFREG: self = .file
    case S_IFIFO, S_IFSOCK: self = .pipe
    default: self = Output.isTerminal(descriptor) ? .tty : .other
    }
  }
}
