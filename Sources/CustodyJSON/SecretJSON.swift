package import CustodySecrets
internal import CustodyValues

/// JSON that holds secrets, as a token endpoint's reply does. It keeps the bytes in secret memory and knows where in them
/// each value stands; a value leaves as `SecureBytes`, or as `String` where the caller says that it is no secret.
package struct SecretJSON: ~Copyable, Sendable {
  let bytes: SecureBytes
  let nodes: [JSONNode]

  package init(_ bytes: consuming SecureBytes) throws(JSONError) {
    nodes = try JSONScanner.scan(bytes)
    self.bytes = bytes
  }

  /// A reply that can be had only once: a byte order mark, a key that stands twice, and texts that are not UTF-8 are passed
  /// over where RFC 8259 has them refused. Of a key that stands twice the first value is read; `isAmbiguous` tells.
  package init(reply bytes: consuming SecureBytes) throws(JSONError) {
    nodes = try JSONScanner.scan(bytes, tolerant: true)
    self.bytes = bytes
  }

  package var hasByteOrderMark: Bool { JSONScanner.hasByteOrderMark(bytes) }

  /// Whether there is a value, be it null.
  package borrowing func exists(_ path: JSONPath) -> Bool { node(at: path) != nil }

  package borrowing func isNull(_ path: JSONPath) -> Bool { node(at: path)?.kind == .null }

  package borrowing func bool(at path: JSONPath) -> Bool? {
    switch node(at: path)?.kind {
    case .yes: true
    case .no: false
    default: nil
    }
  }

  /// A whole number of 64 bits; nothing where it is written with a fraction, an exponent or a plus.
  package borrowing func integer(at path: JSONPath) -> Int64? {
    guard let node = node(at: path), node.kind == .number, node.range.count <= 20,
      bytes.byte(at: node.range.lowerBound) != UInt8(ascii: "+")
    else { return nil }
    return Int64(String(decoding: node.range.compactMap { bytes.byte(at: $0) }, as: UTF8.self))
  }

  /// A number as it is written.
  package borrowing func number(at path: JSONPath) -> String? {
    guard let node = node(at: path), node.kind == .number, node.range.count <= 40 else { return nil }
    return String(decoding: node.range.compactMap { bytes.byte(at: $0) }, as: UTF8.self)
  }

  /// A string that is no secret.
  package borrowing func string(at path: JSONPath) -> String? { node(at: path).flatMap { string(of: $0) } }

  /// A string, unescaped straight into secret memory; nothing where there is no string.
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
