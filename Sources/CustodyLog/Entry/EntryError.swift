/// Why bytes are not an entry. `unknownVersion` means that this Custody cannot attest it; the others make it void.
package enum EntryError: Error, Equatable, Sendable {
  case tooLong, unknownVersion, unknownAction, malformedNote
  case malformedLine(String)
  case missing(DetailKey), notAllowed(DetailKey), unknownDetail, outOfOrder(DetailKey), malformed(DetailKey)
}
