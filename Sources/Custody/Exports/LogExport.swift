internal import CustodyCrypto
internal import CustodyJSON
internal import CustodyLog
internal import CustodyValues
internal import CustodyStore

public enum LogFormat: String, CaseIterable, Sendable {
  /// For spreadsheets; and evidence, with every signed entry in it.
  case csv, jsonl
  /// For the tools that watch other logs.
  case ocsf, ecs, cef
  /// A page for people that checks itself, with the lines of JSON in it.
  case html

  var isEvidence: Bool { self == .jsonl || self == .html }
}

/// What an export covered: so many of the entries below this size of the log.
public struct Exported: Sendable {
  public let count: UInt64
  public let size: UInt64
  public let doubts: LogDoubts

  init(_ extent: LogExtent) { (count, size, doubts) = (extent.count, extent.size, extent.doubts) }
}

/// What may have been left out, or be too much, because nothing tells whether a filter admits it.
public struct LogDoubts: Equatable, Sendable {
  /// Where a period is asked for: entries whose dates put them in or out of it, and whose places in the log may not.
  public let misdated: [UInt64]
  /// Where a token or tenant is asked for: how many tokens have names that this member can't open.
  public let unread: UInt64
}

extension Session {
  /// Writes the entries that a filter admits. The export is itself an entry, durable before the first byte goes out,
  /// and covers the log before it. Of a log that does not hold to its end what holds is written, without an entry: `stop` says
  /// where that ends.
  public func exportLog(
    _ filter: LogFilter, _ format: LogFormat, progress: @escaping ProgressReport = { _, _ in },
    to write: ([UInt8]) throws -> Void
  ) throws(VaultError) -> Exported {
    try translating {
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
    try store.begin(.read)
    defer { store.rollback() }
    try ledger.stop(at: fault)
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

extension LogFormat {
  var head: [UInt8] { self == .csv ? CSV.header : self == .html ? HTMLReport.head : [] }

  /// Tools that watch other logs are told nothing of what counts for nothing.
  func bytes(_ line: VoidLine) -> [UInt8] {
    self == .csv ? CSV.row(line) : []
  }

  /// Of a form that is no evidence.
  func bytes(_ line: LogLine) throws -> [UInt8] {
    switch self {
    case .csv: CSV.row(line)
    case .ocsf: try OCSF.line(line)
    case .ecs: ECS.line(line)
    case .cef: CEF.line(line)
    case .jsonl, .html: []
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
