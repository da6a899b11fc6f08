import CustodySecrets
import CustodyTesting
import CustodyValues
import Glibc
import Testing

struct SecureMemoryTests {
  @Test func `new bytes are zero and hold what is written to them`() throws {
    var secret = try SecureBytes(count: 3)
    #expect(secret.plain == [0, 0, 0])
    secret.withUnsafeMutableBytes { $0[1] = 7 }
    #expect(secret.plain == [0, 7, 0])
    #expect(try SecureBytes(count: 0).isEmpty)
  }

  @Test func `a negative count is refused`() {
    #expect(throws: SecureMemoryError.self) { _ = try SecureBytes(count: -1) }
  }

  @Test func `equal means same length and same bytes`() throws {
    let one = try SecureBytes(copying: [1, 2, 3])
    let same = one.equals(try SecureBytes(copying: [1, 2, 3]))
    let longer = one.equals(try SecureBytes(copying: [1, 2, 3, 0]))
    let other = one.equals(try SecureBytes(copying: [1, 2, 4]))
    let none = try SecureBytes(count: 0).equals(try SecureBytes(count: 0))
    #expect(same && none)
    #expect(!longer && !other)
  }

  @Test func `a slice holds its bytes and nothing outside can be sliced`() throws {
    let secret = try SecureBytes(copying: [1, 2, 3, 4])
    #expect(try secret.slice(1..<3).plain == [2, 3])
    #expect(try secret.slice(4..<4).plain == [])
    #expect(try secret.copy().plain == [1, 2, 3, 4])
    for range in [-1..<2, 0..<5, 5..<5] {
      #expect(throws: SecureMemoryError.self) { _ = try secret.slice(range) }
    }
  }

  @Test func `every byte is asked`() throws {
    let secret = try SecureBytes(copying: [2, 4, 6])
    #expect(secret.allSatisfy { $0 % 2 == 0 })
    #expect(!secret.allSatisfy { $0 < 6 })
  }

  @Test func `bytes are zero when their block is used again, for more or for fewer`() throws {
    for count in [4080, 1, 64, 4079, 17, 4080, 4081, 2000] {
      var secret = try SecureBytes(count: count)
      #expect(secret.allSatisfy { $0 == 0 }, "\(count)")
      secret.withUnsafeMutableBytes { bytes in for i in bytes.indices { bytes[i] = 0xAA } }
    }
  }

  @Test func `secrets held at once do not overlap, more than are kept for use again`() throws {
    final class Held {
      let secret: SecureBytes
      init(_ byte: UInt8) throws { secret = try SecureBytes(copying: [UInt8](repeating: byte, count: 1000)) }
    }
    for round in 0..<3 {
      let held = try (0..<20).map { try Held(UInt8($0 + round)) }
      for (number, one) in held.enumerated() { #expect(one.secret.allSatisfy { $0 == UInt8(number + round) }) }
    }
  }

  @Test(arguments: [1, 100, 4080]) func `a byte behind the end cannot be touched, the first time and later`(count: Int)
    async
  {
    await #expect(processExitsWith: .signal(SIGSEGV)) { [count] in
      signal(SIGSEGV, SIG_DFL)
      _ = try SecureBytes(count: 4080).count
      var secret = try SecureBytes(count: count)
      secret.withUnsafeMutableBytes { bytes in bytes.baseAddress?.advanced(by: count).storeBytes(of: 1, as: UInt8.self)
      }
    }
  }

  @Test func `a byte before the beginning ends the process, as soon as the secret is let go of`() async {
    await #expect(processExitsWith: .signal(SIGABRT)) {
      signal(SIGABRT, SIG_DFL)
      func write() throws {
        var secret = try SecureBytes(count: 100)
        secret.withUnsafeMutableBytes { bytes in bytes.baseAddress?.advanced(by: -1).storeBytes(of: 1, as: UInt8.self) }
      }
      try write()
    }
  }

  @Test func `a slot is zero when it is used again`() throws {
    let arena = try SecureArena()
    var addresses: Set<UInt> = []
    for round in 0..<200 {
      var slot = try SecureSlot(count: SecureArena.slotSize, in: arena)
      #expect(slot.withUnsafeBytes { $0.allSatisfy { $0 == (round == 0 ? $0 : 0) } })
      slot.withUnsafeMutableBytes { bytes in for i in bytes.indices { bytes[i] = 0xAA } }
      addresses.insert(slot.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) })
    }
    #expect(addresses.count == 1)
  }

  @Test func `slots held at once do not overlap, over more than one block`() throws {
    final class Held {
      let slot: SecureSlot
      init(_ slot: consuming SecureSlot) { self.slot = slot }
    }
    let arena = try SecureArena()
    let held = try (0..<150).map { _ in Held(try SecureSlot(count: 32, in: arena)) }
    let starts = held.map { $0.slot.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) } }.sorted()
    for (one, next) in zip(starts, starts.dropFirst()) { #expect(next - one >= UInt(SecureArena.slotSize)) }
  }

  @Test func `a slot of more than 64 bytes is refused`() throws {
    let arena = try SecureArena()
    #expect(throws: SecureMemoryError.self) { _ = try SecureSlot(count: SecureArena.slotSize + 1, in: arena) }
  }
}
