import CustodyValues
import Testing

/// The private form in which a fold is kept: what was written is read, and nothing else.
struct OctetsTests {
  private let id = Identifier([UInt8](1...16))!

  private func written() -> [UInt8] {
    var out = OctetWriter()
    out.write(7 as UInt64)
    out.write("ádá")
    out.write(nil as UInt64?)
    out.write(.max as UInt64?)
    out.write(optional: id) { $0.write($1) }
    out.write(optional: nil as Identifier?) { $0.write($1) }
    out.write([1, 2, 3] as [UInt64]) { $0.write($1) }
    return out.bytes
  }

  private func read(_ bytes: [UInt8]) throws -> Bool {
    var reader = OctetReader(bytes)
    guard try reader.number() == 7, try reader.text() == "ádá", try reader.optionalNumber() == nil,
      try reader.optionalNumber() == .max
    else { return false }
    func identifier(_ reader: inout OctetReader) throws(OctetReader.Malformed) -> Identifier { try reader.identifier() }
    func number(_ reader: inout OctetReader) throws(OctetReader.Malformed) -> UInt64 { try reader.number() }
    guard try reader.optional(identifier) == id, try reader.optional(identifier) == nil,
      try reader.list(ofAtLeast: 8, number) == [1, 2, 3]
    else { return false }
    return reader.isAtEnd
  }

  @Test func `what was written comes back`() throws { #expect(try read(written())) }

  @Test func `what is cut short anywhere is malformed`() {
    let whole = written()
    for length in whole.indices {
      #expect(throws: OctetReader.Malformed.self) { try read(Array(whole[..<length])) }
    }
  }

  @Test func `what is there or not is said by 1 or 0`() {
    for mark in [2, 255] as [UInt8] {
      let bytes = [mark] + [UInt8](repeating: 0, count: 40)
      #expect(throws: OctetReader.Malformed.self) {
        var reader = OctetReader(bytes)
        _ = try reader.optional { reader throws(OctetReader.Malformed) in try reader.identifier() }
      }
      #expect(throws: OctetReader.Malformed.self) {
        var reader = OctetReader(bytes)
        _ = try reader.optionalNumber()
      }
    }
  }

  @Test(arguments: [3, 1 << 40, .max] as [UInt64])
  func `a count of more than there is makes no room for it`(count: UInt64) {
    var out = OctetWriter()
    out.write(count)
    for number in [1, 2] as [UInt64] { out.write(number) }
    #expect(throws: OctetReader.Malformed.self) {
      var reader = OctetReader(out.bytes)
      _ = try reader.list(ofAtLeast: 8) { reader throws(OctetReader.Malformed) in try reader.number() }
    }
  }
}
