extension String {
  /// Compares as UTF-8 bytes, as signatures do. Swift's `==` compares by canonical equivalence.
  package func hasSameBytes(as other: String) -> Bool {
    guard utf8.count == other.utf8.count else { return false }
    let isSame = unsafe utf8.withContiguousStorageIfAvailable { one in
      unsafe other.utf8.withContiguousStorageIfAvailable { two in unsafe one.elementsEqual(two) }
    }
    return (isSame ?? nil) ?? utf8.elementsEqual(other.utf8)
  }
}
