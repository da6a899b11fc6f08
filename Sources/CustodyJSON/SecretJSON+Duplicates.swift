internal import CustodySecrets
internal import CustodyValues

/// Keys that occur twice in an object. Only a tolerant scan lets them pass.
extension SecretJSON {
  /// True if a key on the path occurs more than once.
  package borrowing func isRepeated(_ path: JSONPath) -> Bool { check(path) { _, _ in true } }

  /// True if a key on the path occurs more than once with different values, of which readers may take either.
  package borrowing func isAmbiguous(_ path: JSONPath) -> Bool { check(path) { one, other in !isEqual(one, other) } }

  private borrowing func check(_ path: JSONPath, _ isMeant: (Int, Int) -> Bool) -> Bool {
    var index = 0
    for step in path.steps {
      let found = values(of: step, in: index)
      guard let first = found.first else { break }
      if found.dropFirst().contains(where: { isMeant(first, $0) }) { return true }
      index = first
    }
    return false
  }

  /// The nodes of all values of a key; for a position in an array, the one node there.
  private borrowing func values(of step: String, in index: Int) -> [Int] {
    let parent = nodes[index]
    guard parent.kind == .object else {
      return child(step, of: index).map { [$0] } ?? []
    }
    var found: [Int] = []
    var next = index + 1
    while next < parent.after {
      if unescaped(nodes[next]).elementsEqual(step.utf8) { found.append(next + 1) }
      next = nodes[next + 1].after
    }
    return found
  }

  /// Compares two values: strings by their meaning, in secret memory; all others as they are written.
  private borrowing func isEqual(_ one: Int, _ other: Int) -> Bool {
    let (left, right) = (nodes[one], nodes[other])
    guard left.kind == right.kind else { return false }
    if left.kind == .string {
      guard let first = try? secret(of: left), let second = try? secret(of: right) else { return false }
      return first.equals(second)
    }
    return left.range.count == right.range.count
      && zip(left.range, right.range).allSatisfy { bytes.byte(at: $0) == bytes.byte(at: $1) }
  }
}
