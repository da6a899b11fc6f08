import CustodySecrets
import CustodyValues
import Testing

@testable import CustodyAgent

struct FrameTests {
  private func secret(_ text: String) throws -> SecureBytes { try SecureBytes(copying: Array(text.utf8)) }

  @Test func `fields come out as they went in`() throws {
    var writer = try FieldWriter()
    try writer.add("crm")
    try writer.add(7)
    try writer.add(secret("seed"))
    var reader = FieldReader(try writer.frame(1))
    #expect(try reader.text(limit: 3) == "crm")
    #expect(try reader.number() == 7)
    #expect(try reader.secret().equals(secret("seed")))
    try reader.finish()
  }

  @Test func `what is cut, left over or too long is malformed`() throws {
    #expect(throws: AgentError.malformed) {
      var reader = FieldReader(Frame(kind: 1, body: try SecureBytes(copying: [0, 0, 0, 2, 1])))
      _ = try reader.bytes()
    }
    #expect(throws: AgentError.malformed) {
      let reader = FieldReader(Frame(kind: 1, body: try SecureBytes(copying: [0])))
      try reader.finish()
    }
    #expect(throws: AgentError.malformed) {
      var writer = try FieldWriter()
      try writer.add("four")
      var reader = FieldReader(try writer.frame(1))
      _ = try reader.text(limit: 3)
    }
  }

  @Test func `a head of another version is told from a bad one`() throws {
    #expect(throws: AgentError.otherVersion(1)) { try Frame.head([0, 0, 0, 2, 1, 1]) }
    #expect(throws: AgentError.malformed) { try Frame.head([0, 0, 0, 1, Frame.version, 1]) }
    #expect(throws: AgentError.malformed) { try Frame.head([0, 1, 0, 3, Frame.version, 1]) }
    #expect(throws: AgentError.malformed) { try Frame.head([255, 255, 255, 255, Frame.version, 1]) }
    let longest = try Frame.head([0, 1, 0, 2, Frame.version, 9])
    #expect(longest == (9, 65_536))
  }
}
