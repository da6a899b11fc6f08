internal import CustodyJSON

/// Why somebody did something, in their words.
package enum Reason {
  /// In bytes of UTF-8.
  package static let limit = 1024

  /// Of a note's text. A longer one nobody wrote who keeps to what is said of it.
  package static func text(in note: [UInt8]) -> String? {
    (try? Metadata.parse(note))?["reason"]?.string.flatMap { $0.utf8.count <= limit ? $0 : nil }
  }
}
