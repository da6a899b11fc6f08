internal import CustodyJSON

/// The reason for an act, in its author's words.
package enum Reason {
  /// Longest reason, in bytes of UTF-8.
  package static let limit = 1024

  /// Reads the reason in a note. Nil if it is malformed or too long, which no honest client writes.
  package static func text(in note: [UInt8]) -> String? {
    (try? Metadata.parse(note))?["reason"]?.string.flatMap { $0.utf8.count <= limit ? $0 : nil }
  }
}
