internal import CSodium
package import CustodyValues

/// Base64 of RFC 4648 section 4, with padding. Decoding refuses text that is not canonical, that is, not what its
/// bytes encode to.
package enum Base64 {
  private static let variant = Int32(sodium_base64_VARIANT_ORIGINAL)

  package static func encode(_ bytes: [UInt8]) -> [UInt8] {
    let length = sodium_base64_encoded_len(bytes.count, variant)
    return unsafe [UInt8](unsafeUninitializedCapacity: length) { out, filled in
      let text = unsafe UnsafeMutableRawPointer(UnsafeMutableRawBufferPointer(out).unsignedChars)
      _ = unsafe sodium_bin2base64(
        text.assumingMemoryBound(to: CChar.self), length, bytes, bytes.count, variant)
      filled = length - 1
    }
  }

  package static func encode(_ digest: Digest) -> [UInt8] { encode(digest.bytes) }

  package static func decode(_ text: some Collection<UInt8>) -> [UInt8]? { decode(Array(text)) }

  package static func decode(_ text: [UInt8]) -> [UInt8]? {
    guard text.count % 4 == 0 else { return nil }
    var length: Int?
    let decoded = unsafe [UInt8](unsafeUninitializedCapacity: text.count / 4 * 3 + 1) { out, filled in
      length = unsafe text.withUnsafeBytes { unsafe decode($0, into: UnsafeMutableRawBufferPointer(out)) }
      filled = length ?? 0
    }
    return length != nil && isCanonical(text[...]) ? decoded : nil
  }

  /// Decodes without the check for canonical text: libsodium ignores bits behind the last byte.
  private static func decode(_ text: UnsafeRawBufferPointer, into out: UnsafeMutableRawBufferPointer) -> Int? {
    let start = unsafe UnsafeRawPointer(text.unsignedChars).assumingMemoryBound(to: CChar.self)
    var length = 0
    var end: UnsafePointer<CChar>?
    let result = unsafe sodium_base642bin(out.unsignedChars, out.count, start, text.count, nil, &length, &end, variant)
    return unsafe result == 0 && end == start + text.count ? length : nil
  }

  /// True for the canonical text of 32 bytes. It is checked without decoding, because an entry has a dozen of them.
  package static func isDigest(_ text: ArraySlice<UInt8>) -> Bool {
    text.count == 44 && text.last == UInt8(ascii: "=") && text[text.endIndex - 2] != UInt8(ascii: "=")
      && isCanonical(text)
  }

  /// True for digits with exactly the padding needed and no bits behind the last byte.
  private static func isCanonical(_ text: ArraySlice<UInt8>) -> Bool {
    guard let digits = text.lastIndex(where: { $0 != UInt8(ascii: "=") }) else { return text.isEmpty }
    let padding = text.endIndex - 1 - digits
    guard text.count % 4 == 0, padding <= 2 else { return false }
    for place in text.startIndex...digits where values[Int(text[place])] < 0 { return false }
    return values[Int(text[digits])] & (padding == 0 ? 0 : padding == 1 ? 3 : 15) == 0
  }

  /// The value of each digit, by its ASCII code; -1 for other characters.
  private static let values: [Int8] = {
    var values = [Int8](repeating: -1, count: 256)
    let digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
    for (value, digit) in digits.enumerated() { values[Int(digit)] = Int8(value) }
    return values
  }()

  package static func digest(_ text: ArraySlice<UInt8>) -> Digest? {
    guard isDigest(text) else { return nil }
    var length: Int?
    let digest = unsafe Digest { out in
      length = unsafe text.withUnsafeBytes { unsafe decode($0, into: out) }
    }
    return length == Digest.count ? digest : nil
  }
}

/// Base32 of RFC 4648 section 6, in lower case without padding, for fingerprints that people read aloud.
package enum Base32 {
  private static let alphabet = [UInt8]("abcdefghijklmnopqrstuvwxyz234567".utf8)

  package static func encode(_ bytes: some Collection<UInt8>) -> [UInt8] {
    var text: [UInt8] = []
    var (bits, held): (UInt32, Int) = (0, 0)
    for byte in bytes {
      bits = bits << 8 | UInt32(byte)
      held += 8
      while held >= 5 {
        held -= 5
        text.append(alphabet[Int(bits >> UInt32(held) & 31)])
      }
      bits &= (1 << UInt32(held)) - 1
    }
    if held > 0 { text.append(alphabet[Int(bits << UInt32(5 - held) & 31)]) }
    return text
  }
}
