internal import CSodium
internal import Synchronization

/// A pool of guarded blocks of one page. Making and freeing one takes ten system calls, and messages to the agent,
/// passphrases and values come and go. A block is wiped when it is returned.
enum SecureBlocks {
  /// Bytes that `sodium_malloc` fits into one locked page beside its canary.
  static let capacity = 4080
  /// The most blocks that are kept. They count against RLIMIT_MEMLOCK, which is 64 KiB on some systems.
  private static let limit = 6
  private static let spare = Mutex<[Block]>([])

  @safe private struct Block: @unchecked Sendable { let start: UnsafeMutableRawPointer }

  /// `count` zeroed bytes at the end of a block, so that the byte behind them is on the guard page.
  static func take(_ count: Int) -> UnsafeMutableRawPointer? {
    let block = unsafe spare.withLock { unsafe $0.popLast()?.start } ?? fresh()
    return unsafe block.map { unsafe $0 + (capacity - count) }
  }

  static func giveBack(_ base: UnsafeMutableRawPointer, _ count: Int) {
    let start = unsafe base - (capacity - count)
    // The zeros before the bytes serve as a canary, like libsodium's of 16 bytes: if one has changed, something wrote
    // before the beginning.
    let before = min(capacity - count, 16)
    guard unsafe sodium_is_zero((base - before).assumingMemoryBound(to: UInt8.self), before) == 1 else {
      sodium_misuse()
    }
    unsafe sodium_memzero(base, count)
    let isKept = spare.withLock { blocks in
      guard blocks.count < limit else { return false }
      unsafe blocks.append(Block(start: start))
      return true
    }
    if !isKept { unsafe sodium_free(start) }
  }

  private static func fresh() -> UnsafeMutableRawPointer? {
    guard sodium_init() >= 0, let block = unsafe sodium_malloc(capacity) else { return nil }
    unsafe sodium_memzero(block, capacity)
    return unsafe block
  }
}
