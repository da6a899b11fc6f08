internal import CustodyCrypto

/// A metadata key of one generation. It is a class because a noncopyable value can't be in a dictionary.
final class HeldMetadataKey {
  let key: MetadataKey
  let generation: UInt64

  init(_ key: consuming MetadataKey, _ generation: UInt64) {
    self.key = key
    self.generation = generation
  }
}
