public import CustodySystem
public import CustodyEvidence
internal import CustodyCrypto
internal import CustodyJSON
internal import CustodyLog
internal import CustodyValues
internal import CustodyStore

extension Session {
  /// Writes the entries that a filter admits. The export is itself an entry, durable before the first byte goes out,
  /// and covers the log before it. Of a log that does not hold to its end what holds is written, without an entry: `stop` says
  /// where that ends.
  ///
  /// - Throws: what `write` throws, as it is; else a `VaultError`.
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
  /// Whoever exports leaves an entry first. Of a log that does not hold to its end what holds is exported: nothing can be
  /// written there.
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

  /// From here on the log is read up to the last checkpoint before that.
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
