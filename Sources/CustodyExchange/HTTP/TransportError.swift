internal import CustodyValues

/// The failure of an HTTP call.
package struct TransportError: Error {
  /// The kind of failure.
  package enum Kind: Sendable { case timedOut, unreachable, proxy, lost, tls, tooLarge, noLibrary, noMemory }

  /// The kind of failure.
  package let kind: Kind
  /// True if the server may have received the request.
  package let mayHaveArrived: Bool
  /// libcurl's text; it may quote the other side.
  package let words: String

  package init(_ kind: Kind, mayHaveArrived: Bool = false, words: String = "") {
    (self.kind, self.mayHaveArrived, self.words) = (kind, mayHaveArrived, words)
  }
}
