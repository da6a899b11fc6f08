import CustodyJSON
import CustodySecrets
import CustodyValues
import Testing

@Suite struct SecretJSONTests {
  func secret(_ text: String) throws -> SecretJSON { try SecretJSON(SecureBytes(copying: Array(text.utf8))) }

  func bytes(_ value: borrowing SecureBytes) -> [UInt8] { value.withUnsafeBytes { Array($0) } }

  @Test func `a secret is unescaped into secret memory`() throws {
    let json = try secret(#" {"a":{"token":"x\u0041\n\/\"\ud83d\ude00é"},"n":null} "#)
    let found = try json.secret(at: "a.token")
    switch found {
    case .some(let value): #expect(bytes(value) == Array("xA\n/\"😀é".utf8))
    case .none: Issue.record("there is a token")
    }
  }

  @Test func `paths reach keys, escaped keys, positions and whole numbers`() throws {
    let json = try secret(
      #"{"\u0061":1,"list":[10,{"b":"c"},-9223372036854775808],"big":9223372036854775808,"f":3600.5,"e":1e3,"t":true,"n":null}"#
    )
    #expect(json.integer(at: "a") == 1)
    #expect(json.integer(at: "list.0") == 10)
    #expect(json.string(at: "list.1.b") == "c")
    #expect(json.integer(at: "list.2") == Int64.min)
    #expect(json.bool(at: "t") == true)
    #expect(json.isNull("n") && json.exists("n"))
    for absent in ["b", "list.3", "list.-1", "list.x", "a.b", ""] as [JSONPath] {
      let exists = json.exists(absent)
      #expect(!exists, "\(absent)")
    }
    for odd in ["big", "f", "e", "t", "list"] as [JSONPath] {
      let number = json.integer(at: odd)
      #expect(number == nil, "\(odd)")
    }
  }

  @Test func `a key is not found inside a value that came before it`() throws {
    let json = try secret(#"{"scope":{"access_token":"inner"},"other":"access_token","access_token":"outer"}"#)
    #expect(json.string(at: "access_token") == "outer")
  }

  @Test func `what is no string is no secret`() throws {
    let json = try secret(#"{"a":1,"b":null,"c":["x"]}"#)
    for path in ["a", "b", "c", "d"] as [JSONPath] {
      let absent = try json.secret(at: path) == nil
      #expect(absent)
    }
  }

  @Test func `a buffer grows and keeps what it had`() throws {
    var buffer = try SecureBuffer(capacity: 0)
    var expected: [UInt8] = []
    for byte in 0..<1000 {
      try buffer.append(UInt8(truncatingIfNeeded: byte)); expected.append(UInt8(truncatingIfNeeded: byte))
    }
    try buffer.append("text")
    try buffer.append(SecureBytes(copying: expected))
    let whole = try buffer.finish()
    #expect(bytes(whole) == expected + Array("text".utf8) + expected)
    let edges = [whole.byte(at: 3), whole.byte(at: -1), whole.byte(at: whole.count)]
    #expect(edges == [3, nil, nil])
  }

  @Test func `a buffer of nothing is empty`() throws {
    let empty = try SecureBuffer().finish()
    let isEmpty = empty.isEmpty
    #expect(isEmpty)
  }
}
