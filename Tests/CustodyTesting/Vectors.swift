import Foundation

/// The bytes of a hex text, as test vectors use it.
public func unhex(_ text: String) -> [UInt8] {
  var bytes: [UInt8] = []
  var rest = text[...]
  while rest.count >= 2 {
    bytes.append(UInt8(rest.prefix(2), radix: 16) ?? 0)
    rest = rest.dropFirst(2)
  }
  return bytes
}

public func unbase64(_ text: String) -> [UInt8] { Data(base64Encoded: text).map { [UInt8]($0) } ?? [] }

/// Test vectors by others, in `Tests/Fixtures/vectors`, whose README names the source and licence of each.
public enum Vectors {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Fixtures/vectors")

  /// The JSON file `name`, as dictionaries and arrays.
  public static func json(_ name: String) throws -> Any {
    try JSONSerialization.jsonObject(with: Data(contentsOf: folder.appendingPathComponent(name + ".json")))
  }

  /// The test cases of a Wycheproof file, each with its group.
  public static func wycheproof(_ name: String) throws -> [(group: [String: Any], test: [String: Any])] {
    let file = try json("wycheproof/\(name)") as? [String: Any] ?? [:]
    return (file["testGroups"] as? [[String: Any]] ?? []).flatMap { group in
      (group["tests"] as? [[String: Any]] ?? []).map { (group, $0) }
    }
  }

  /// The list under `vectors` in a file of another kind.
  public static func list<Vector>(_ name: String, as type: Vector.Type = Vector.self) throws -> [Vector] {
    let file = try json(name) as? [String: Any] ?? [:]
    return file["vectors"] as? [Vector] ?? []
  }
}

extension [String: Any] {
  public func hex(_ key: String) -> [UInt8] { unhex(self[key] as? String ?? "") }
  public func text(_ key: String) -> String { self[key] as? String ?? "" }
}
