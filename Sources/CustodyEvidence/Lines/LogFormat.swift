internal import CustodyCrypto
internal import CustodyJSON
internal import CustodyLog
internal import CustodyValues

public enum LogFormat: String, CaseIterable, Sendable {
  /// For spreadsheets; and evidence, with every signed entry in it.
  case csv, jsonl
  /// For the tools that watch other logs.
  case ocsf, ecs, cef
  /// A page for people that checks itself, with the lines of JSON in it.
  case html

  package var isEvidence: Bool { self == .jsonl || self == .html }
}

extension LogFormat {
  package var head: [UInt8] { self == .csv ? CSV.header : self == .html ? HTMLReport.head : [] }

  /// Tools that watch other logs are told nothing of what counts for nothing.
  package func bytes(_ line: VoidLine) -> [UInt8] {
    self == .csv ? CSV.row(line) : []
  }

  /// Of a form that is no evidence.
  package func bytes(_ line: LogLine) throws -> [UInt8] {
    switch self {
    case .csv: CSV.row(line)
    case .ocsf: try OCSF.line(line)
    case .ecs: ECS.line(line)
    case .cef: CEF.line(line)
    case .jsonl, .html: []
    }
  }
}
