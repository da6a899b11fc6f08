internal import CSQLite
internal import Glibc

extension StoreError {
  static func sqlite(_ code: Int32, on connection: OpaquePointer?) -> StoreError {
    let extended = unsafe connection.map { unsafe sqlite3_extended_errcode($0) } ?? code
    // After some failures the connection's own code is of an older call.
    let matches = extended & 0xFF == code & 0xFF
    let number = unsafe connection.map { unsafe sqlite3_system_errno($0) } ?? 0
    return sqlite(matches ? extended : code, systemError: number)
  }

  private static func sqlite(_ code: Int32, systemError: Int32) -> StoreError {
    // The macro for this is an expression, which Swift does not import.
    let cannotOpenSymlink = SQLITE_CANTOPEN | 6 << 8
    return switch code & 0xFF {
    case _ where code == cannotOpenSymlink: .symlink
    case SQLITE_FULL: .full
    case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL: .locked
    case SQLITE_READONLY: .readOnly
    case SQLITE_CONSTRAINT: .conflict
    case SQLITE_NOTADB: .notAVault
    // Only the step limit interrupts, on a tree that never ends.
    case SQLITE_CORRUPT, SQLITE_INTERRUPT: .corrupt
    case SQLITE_PERM, SQLITE_AUTH: .permission
    case SQLITE_IOERR where systemError == ENOSPC || systemError == EDQUOT: .full
    case SQLITE_CANTOPEN: systemError == 0 ? .io(code) : .system(systemError, otherwise: code)
    default: .io(code)
    }
  }

  /// The error of a system call that names a file, by its `errno`.
  static func system(_ number: Int32, otherwise code: Int32? = nil) -> StoreError {
    switch number {
    case ENOENT, ENOTDIR: .notFound
    case EEXIST: .alreadyExists
    case EACCES, EPERM: .permission
    case EROFS: .readOnly
    case ENOSPC, EDQUOT: .full
    case ELOOP: .symlink
    case EISDIR: .notAVault
    default: .io(code ?? number)
    }
  }
}
