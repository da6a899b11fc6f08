/// A reason why bytes are not the JSON that was asked for, and its place. Carries nothing of the text.
package struct JSONError: Error, Hashable, Sendable {
  package enum Reason: Hashable, Sendable {
    case syntax, trailingBytes, byteOrderMark, invalidUTF8, loneSurrogate, duplicateKey, tooDeep, noMemory
  }

  package let reason: Reason
  /// Bytes from the start of the text.
  package let offset: Int

  init(_ reason: Reason, at offset: Int) { (self.reason, self.offset) = (reason, offset) }
}
