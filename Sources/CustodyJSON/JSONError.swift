/// Why bytes are not the JSON that is asked for, and where. Carries nothing of the text.
public struct JSONError: Error, Hashable, Sendable {
  public enum Reason: Hashable, Sendable {
    case syntax, trailingBytes, byteOrderMark, invalidUTF8, loneSurrogate, duplicateKey, tooDeep, noMemory
  }

  public let reason: Reason
  /// Bytes from the start.
  public let offset: Int

  init(_ reason: Reason, at offset: Int) { (self.reason, self.offset) = (reason, offset) }
}
