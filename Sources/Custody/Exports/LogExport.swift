internal import CustodyCrypto
internal import CustodyJSON
internal import CustodyLog
internal import CustodyMemory
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
  /// Where a period was asked for: entries whose times run backwards, or ahead, in the order of the log. Those of them that
  /// are dated outside of the period are not in the export, and may belong to it.
  public let misdated: [UInt64]

  init(_ extent: LogExtent) { (count, size, misdated) = (extent.count, extent.size, extent.misdated) }
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
      if isEvidence { try extent.sign(self, at: time) }
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
        if let scope = extent.scope { entry.set(.scopeSHA256, SHA256.hash(scope.bytes)) }
      }
      return extent
    }
  }
}

extension LogFormat {
  var head: [UInt8] { self == .csv ? CSV.header : self == .html ? HTMLReport.head : [] }

  /// Tools that watch other logs are told nothing of what counts for nothing.
  func bytes(_ line: VoidLine) -> [UInt8] {
    switch self {
    case .csv: CSV.row(line)
    case .jsonl: JSONLines.void(line)
    case .html: HTMLReport.line(JSONLines.void(line))
    case .ocsf, .ecs, .cef: []
    }
  }

  func bytes(_ line: LogLine, _ part: LogPart, _ proof: InclusionProof?) throws -> [UInt8] {
    guard isEvidence || part == .entry else { return [] }
    return switch self {
    case .csv: CSV.row(line)
    case .jsonl: JSONLines.entry(line, part, proof: proof)
    case .html: HTMLReport.line(JSONLines.entry(line, part, proof: proof))
    case .ocsf: try OCSF.line(line)
    case .ecs: ECS.line(line)
    case .cef: CEF.line(line)
    }
  }
}

extension ExportPass {
  fileprivate func write(_ format: LogFormat, to write: ([UInt8]) throws -> Void) throws {
    try write(format.head)
    try eachLine(
      void: { line in
        let bytes = format.bytes(line)
        if !bytes.isEmpty { try write(bytes) }
      },
      { line, part, proof in
        let bytes = try format.bytes(line, part, proof)
        if !bytes.isEmpty { try write(bytes) }
      })
    guard format.isEvidence else { return }
    let inPage = { (line: [UInt8]) in format == .html ? HTMLReport.line(line) : line }
    try eachDisclosure { try write(inPage(JSONLines.disclosure($0))) }
    try write(inPage(JSONLines.closing(extent.checkpoint, extent.scope)))
    if format == .html { try write(HTMLReport.tail) }
  }
}
