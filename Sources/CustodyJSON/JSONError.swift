/// Why bytes are not the JSON that is asked for, and where. Carries nothing of the text.
package struct JSONError: Error, Hashable, Sendable {
  package enum Reason: Hashable, Sendable {
    case syntax, trailingBytes, byteOrderMark, invalidUTF8, loneSurrogate, duplicateKey, tooDeep, noMemory
  }

  package let reason: Reason
  /// Bytes from the start.
  package let offset: Int

  init(_ reason: Reason, at offset: Int) { (self.reason, self.offset) = (reason, offset) }
}
