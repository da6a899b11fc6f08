package import CustodyValues

/// PASETO's pre-authentication encoding: the number of pieces, then each piece's length and bytes. Lengths are 64-bit
/// little-endian. Two different lists of pieces never encode alike.
package struct PreAuthentication {
  package private(set) var bytes: [UInt8]

  package init(count: Int) {
    bytes = []
    bytes.reserveCapacity(192)
    append(number: UInt64(count))
  }

  package init(_ pieces: [[UInt8]]) {
    self.init(count: pieces.count)
    for piece in pieces { add(piece) }
  }

  package mutating func add(_ piece: some Collection<UInt8>) {
    append(number: UInt64(piece.count))
    bytes.append(contentsOf: piece)
  }

  package mutating func add(_ id: Identifier) { add(id.bytes) }

  /// Adds an integer as 8 bytes, little-endian.
  package mutating func add(_ number: UInt64) {
    append(number: 8)
    append(number: number)
  }

  private mutating func append(number: UInt64) { bytes.append(contentsOf: number.littleEndianBytes) }
}
