public import CustodySystem
public import CustodyEvidence
internal import CustodyCrypto
internal import CustodyJSON
internal import CustodyLog
internal import CustodyValues
internal import CustodyStore

extension Session {
  /// Writes the entries that a filter admits. The export has an entry of its own, which is durable before the first
  /// byte is written, and covers the log before that. If the log does not hold to its end, the valid part is written,
  /// without an entry; `stop` says where it ends.
  ///
  /// - Parameters:
  ///   - filter: the entries to export.
  ///   - format: the format to write.
  ///   - progress: is told how much is done, of how much.
  ///   - write: takes the bytes, in pieces.
  /// - Returns: the extent of the export.
  /// - Throws: the error of `write` as it is; else a ``VaultError``.
  public func exportLog(
    _ filter: LogFilter, _ format: LogFormat, progress: @escaping ProgressReport = { _, _ in },
    to write: ([UInt8]) throws -> Void
  ) throws -> Exported {
    try rethrowing(write) { write in
      let extent = try core.recordExport(as: format.rawValue, isEvidence: format.isEvidence) {
        try LogExtent(core, filter, progress)
      }
      try core.reading { try ExportPass(core, extent).write(format, to: write) }
      return Exported(extent)
    }
  }
}

extension Core {
  /// Records the export and returns its extent. If the log does not hold to its end, nothing can be recorded, and the
  /// valid part is exported.
  func recordExport(as format: String, isEvidence: Bool, _ body: () throws -> LogExtent) throws -> LogExtent {
    func extent(at time: Timestamp) throws -> LogExtent {
      var extent = try body()
      if isEvidence { try extent.setScope(self, at: time) }
      return extent
    }
    if ledger.stopped == nil {
      do { return try recorded(as: format, extent) } catch let fault as HistoryFault { try stop(at: fault) }
    }
    return try reading { try extent(at: now()) }
  }

  /// Restricts reading to the last valid checkpoint before the fault.
  private func stop(at fault: HistoryFault) throws {
    try store.read { try ledger.stop(at: fault) }
  }

  private func recorded(as format: String, _ body: (Timestamp) throws -> LogExtent) throws -> LogExtent {
    try commit { transaction in
      let extent = try body(transaction.time)
      _ = try transaction.append(.logExport) { entry in
        entry.set(.count, extent.count)
        entry.set(.format, format)
        entry.set(.size, extent.size)
        if let text = extent.filter.text { entry.set(.filter, text) }
        if let scope = extent.scope { entry.set(.scopeSHA256, SHA256.hash(scope.text)) }
      }
      return extent
    }
  }
}

extension ExportPass {
  fileprivate func write(_ format: LogFormat, to write: ([UInt8]) throws -> Void) throws {
    try write(format.head)
    if format.isEvidence {
      let closing = try eachJSONLine { try write(format == .html ? HTMLReport.line($0) : $0) }
      try write(format == .html ? HTMLReport.line(closing.line) + HTMLReport.tail : closing.line)
    } else {
      try eachLine(
        void: { line in
          let bytes = format.bytes(line)
          if !bytes.isEmpty { try write(bytes) }
        },
        { line, part, _ in if part == .entry { try write(format.bytes(line)) } })
    }
  }
}
