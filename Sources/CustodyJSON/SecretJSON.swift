package import CustodySecrets
internal import CustodyValues

/// JSON with secrets, such as a token endpoint's reply. The text stays in secret memory; a value leaves as
/// `SecureBytes`, or as `String` if the caller says that it is no secret.
package struct SecretJSON: ~Copyable, Sendable {
  let bytes: SecureBytes
  let nodes: [JSONNode]

  package init(_ bytes: consuming SecureBytes) throws(JSONError) {
    nodes = try JSONScanner.scan(bytes)
    self.bytes = bytes
  }

  /// Scans tolerantly a reply that can be had only once: a byte order mark, repeated keys and invalid UTF-8 are let
  /// pass. Of a key that occurs twice the first value is read, and `isAmbiguous` tells.
  package init(reply bytes: consuming SecureBytes) throws(JSONError) {
    nodes = try JSONScanner.scan(bytes, tolerant: true)
    self.bytes = bytes
  }

  package var hasByteOrderMark: Bool { JSONScanner.hasByteOrderMark(bytes) }

  /// True if there is a value at the path, also if it is null.
  package borrowing func exists(_ path: JSONPath) -> Bool { node(at: path) != nil }

  package borrowing func isNull(_ path: JSONPath) -> Bool { node(at: path)?.kind == .null }

  package borrowing func bool(at path: JSONPath) -> Bool? {
    switch node(at: path)?.kind {
    case .yes: true
    case .no: false
    default: nil
    }
  }

  /// A whole number of 64 bits; nil if it is written with a fraction, an exponent or a plus sign.
  package borrowing func integer(at path: JSONPath) -> Int64? {
    guard let node = node(at: path), node.kind == .number, node.range.count <= 20,
      bytes.byte(at: node.range.lowerBound) != UInt8(ascii: "+")
    else { return nil }
    return Int64(String(decoding: node.range.compactMap { bytes.byte(at: $0) }, as: UTF8.self))
  }

  /// The number's text, as it was written.
  package borrowing func number(at path: JSONPath) -> String? {
    guard let node = node(at: path), node.kind == .number, node.range.count <= 40 else { return nil }
    return String(decoding: node.range.compactMap { bytes.byte(at: $0) }, as: UTF8.self)
  }

  /// The string at a path, as ordinary text: it must be no secret.
  package borrowing func string(at path: JSONPath) -> String? { node(at: path).flatMap { string(of: $0) } }

  /// The string at a path, unescaped into secret memory; nil if there is none.
  package borrowing func secret(at path: JSONPath) throws(JSONError) -> SecureBytes? {
    guard let node = node(at: path) else { return nil }
    return try secret(of: node)
  }

  borrowing func string(of node: JSONNode) -> String? {
    node.kind == .string ? String(decoding: unescaped(node), as: UTF8.self) : nil
  }

  borrowing func secret(of node: JSONNode) throws(JSONError) -> SecureBytes? {
    guard node.kind == .string else { return nil }
    do {
      var buffer = try SecureBuffer(capacity: node.range.count)
      try JSONText.unescape(node.range, of: bytes) { (byte) throws(SecureMemoryError) in try buffer.append(byte) }
      return try buffer.finish()
    } catch {
      throw JSONError(.noMemory, at: node.range.lowerBound)
    }
  }

  borrowing func unescaped(_ node: JSONNode) -> [UInt8] {
    var text: [UInt8] = []
    JSONText.unescape(node.range, of: bytes) { text.append($0) }
    return text
  }

  private borrowing func node(at path: JSONPath) -> JSONNode? { index(of: path).map { nodes[$0] } }

  borrowing func index(of path: JSONPath) -> Int? {
    var index = 0
    for step in path.steps {
      guard let child = child(step, of: index) else { return nil }
      index = child
    }
    return index
  }

  borrowing func child(_ step: String, of index: Int) -> Int? {
    let parent = nodes[index]
    var (next, position) = (index + 1, 0)
    switch parent.kind {
    case .object:
      while next < parent.after {
        if unescaped(nodes[next]).elementsEqual(step.utf8) { return next + 1 }
        next = nodes[next + 1].after
      }
    case .array:
      guard let wanted = Int(step) else { return nil }
      while next < parent.after {
        if position == wanted { return next }
        (next, position) = (nodes[next].after, position + 1)
      }
    default: break
    }
    return nil
  }
}
