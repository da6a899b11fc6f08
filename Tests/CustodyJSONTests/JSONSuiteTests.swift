import CustodyJSON
import CustodySecrets
import CustodyValues
import CustodyTesting
import Foundation
import Testing

/// How both forms judge the same bytes.
func judge(_ bytes: [UInt8]) throws -> (open: JSONError?, secret: JSONError?) {
  var (open, secret): (JSONError?, JSONError?)
  do { _ = try JSONValue(parsing: bytes) } catch { open = error }
  let copy = try SecureBytes(copying: bytes)
  do { _ = try SecretJSON(copy) } catch { secret = error }
  return (open, secret)
}

@Suite struct JSONSuiteTests {
  struct Vector { let name: String, expect: String, bytes: [UInt8] }

  static func vectors() throws -> [Vector] {
    let file = try #require(try Vectors.json("input/json_parsing_318") as? [String: Any])
    let rows = try #require(file["vectors"] as? [[String: Any]])
    return try rows.map { row in
      let name = try #require(row["name"] as? String)
      let expect = try #require(row["expect"] as? String)
      var bytes: [UInt8] = []
      if let whole = row["base64"] as? String {
        bytes = Array(try #require(Data(base64Encoded: whole)))
      } else {
        let parts = try #require(row["generate"] as? [Any])
        let unit = try #require(parts[0] as? String)
        let tail = try #require(parts[2] as? String)
        bytes = Array((String(repeating: unit, count: try #require(parts[1] as? Int)) + tail).utf8)
      }
      return Vector(name: name, expect: expect, bytes: bytes)
    }
  }

  @Test func `JSONTestSuite is judged as it asks, in open and in secret form`() throws {
    let vectors = try Self.vectors()
    #expect(vectors.count == 318)
    for vector in vectors {
      let (open, secret) = try judge(vector.bytes)
      #expect(open == secret, "\(vector.name)")
      switch vector.expect {
      case "accept" where vector.name.contains("duplicated_key"):
        #expect(open?.reason == .duplicateKey, "\(vector.name)")
      case "accept": #expect(open == nil, "\(vector.name)")
      case "reject": #expect(open != nil, "\(vector.name)")
      default: break
      }
    }
  }
}
