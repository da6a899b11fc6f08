import CustodyValues
import Testing

struct FixedBytesTests {
  @Test func `a digest is 32 bytes and nothing else`() throws {
    let bytes = (0..<32).map { UInt8($0 * 7 % 256) }
    #expect(try #require(Digest(bytes)).bytes == bytes)
    #expect(Digest(bytes.dropLast()) == nil && Digest(bytes + [0]) == nil)
    #expect(Digest(unsafeWriting: { $0.copyBytes(from: bytes) }) == Digest(bytes))
  }

  @Test func `digests order as their bytes do`() throws {
    for position in 0..<32 {
      var (small, large) = ([UInt8](repeating: 9, count: 32), [UInt8](repeating: 9, count: 32))
      (small[position], large[position]) = (8, 0x80)
      #expect(try #require(Digest(small)) < #require(Digest(large)))
    }
  }

  @Test func `an identifier is 32 lower-case hex digits`() throws {
    let text = "00112233445566778899aabbccddeeff"
    let identifier = try #require(Identifier(hex: text))
    #expect(identifier.hex == text)
    #expect(Identifier(identifier.bytes) == identifier)
    for bad in [
      text.uppercased(), String(text.dropLast()), text + "0", "g" + text.dropFirst(), "é" + text.dropFirst(2),
    ] {
      #expect(Identifier(hex: bad) == nil)
    }
    #expect(Identifier.none.bytes == [UInt8](repeating: 0, count: 16))
  }
}
