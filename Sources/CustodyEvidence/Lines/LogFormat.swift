internal import CustodyCrypto
internal import CustodyJSON
internal import CustodyLog
internal import CustodyValues

/// A file format for exports of the log.
public enum LogFormat: String, CaseIterable, Sendable {
  /// Comma-separated values for spreadsheets, without proofs.
  case csv
  /// JSON Lines: evidence, with every signed entry in it.
  case jsonl
  /// Open Cybersecurity Schema Framework, for tools that watch logs; without proofs.
  case ocsf
  /// Elastic Common Schema, for tools that watch logs; without proofs.
  case ecs
  /// ArcSight's Common Event Format, for tools that watch logs; without proofs.
  case cef
  /// An HTML page for people that contains the JSON Lines and verifies them: evidence.
  case html

  package var isEvidence: Bool { self == .jsonl || self == .html }
}

extension LogFormat {
  package var head: [UInt8] { self == .csv ? CSV.header : self == .html ? HTMLReport.head : [] }

  /// The line of a void entry. Formats for tools that watch logs leave it out, since it has no effect.
  package func bytes(_ line: VoidLine) -> [UInt8] {
    self == .csv ? CSV.row(line) : []
  }

  /// The line of an entry. Empty for formats that are evidence, which `JSONLines` writes.
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
