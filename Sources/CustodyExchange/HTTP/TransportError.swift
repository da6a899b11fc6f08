internal import CustodyValues

package struct TransportError: Error {
  package enum Kind: Sendable { case timedOut, unreachable, proxy, lost, tls, tooLarge, noLibrary, noMemory }

  package let kind: Kind
  package let mayHaveArrived: Bool
  /// The library's words; they may hold text from the other side.
  package let words: String

  package init(_ kind: Kind, mayHaveArrived: Bool = false, words: String = "") {
    (self.kind, self.mayHaveArrived, self.words) = (kind, mayHaveArrived, words)
  }
}
