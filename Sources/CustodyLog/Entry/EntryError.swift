/// The reason why bytes are not an entry. `unknownVersion` stops a reader: this program cannot attest such an entry.
/// All others make the entry void.
package enum EntryError: Error, Equatable, Sendable {
  case tooLong, unknownVersion, unknownAction, malformedNote
  case malformedLine(String)
  case missing(DetailKey), notAllowed(DetailKey), unknownDetail, outOfOrder(DetailKey), malformed(DetailKey)
}
