internal import CSodium

/// Guarded memory for many short-lived keys of up to 64 bytes, in blocks of 64 slots, because `sodium_malloc` costs
/// 31 µs a call.
///
/// A session keeps one. It is not thread-safe: one thread uses a session at a time.
@safe package final class SecureArena: @unchecked Sendable {
  package static let slotSize = 64
  private static let slotsPerBlock = 64
  private var blocks: [UnsafeMutableRawPointer] = unsafe []
  private var free: [UnsafeMutableRawPointer] = unsafe []

  package init() throws(SecureMemoryError) { try grow() }

  deinit {
    if let scratch = unsafe scratch { unsafe sodium_free(scratch) }
    unsafe blocks.forEach { unsafe sodium_free($0) }
  }

  private var scratch: UnsafeMutableRawPointer?
  private var scratchCount = 0

  /// Runs `body` with `count` bytes of guarded memory, which are wiped afterwards. Calls do not nest.
  package func withScratch<R: ~Copyable, E: Error>(
    count: Int, _ body: (UnsafeMutableRawBufferPointer) throws(E) -> R
  ) throws -> R {
    if unsafe count > scratchCount || scratch == nil {
      let wanted = max(count, 4096)
      guard let block = unsafe sodium_malloc(wanted) else { throw SecureMemoryError() }
      if let old = unsafe scratch { unsafe sodium_free(old) }
      unsafe scratch = block
      scratchCount = wanted
    }
    guard let base = unsafe scratch else { throw SecureMemoryError() }
    defer { unsafe sodium_memzero(base, count) }
    return try unsafe body(UnsafeMutableRawBufferPointer(start: base, count: count))
  }

  private func grow() throws(SecureMemoryError) {
    guard sodium_init() >= 0,
      let block = unsafe sodium_malloc(Self.slotSize * Self.slotsPerBlock)
    else { throw SecureMemoryError() }
    unsafe blocks.append(block)
    for slot in 0..<Self.slotsPerBlock { unsafe free.append(block + slot * Self.slotSize) }
  }

  fileprivate func take() throws(SecureMemoryError) -> UnsafeMutableRawPointer {
    if unsafe free.isEmpty { try grow() }
    return unsafe free.removeLast()
  }

  fileprivate func give(back slot: UnsafeMutableRawPointer) {
    unsafe sodium_memzero(slot, Self.slotSize)
    unsafe free.append(slot)
  }
}

/// Up to 64 secret bytes in an arena, wiped and returned to it at the end of their owner.
@safe package struct SecureSlot: ~Copyable, @unchecked Sendable {
  private let arena: SecureArena
  private let base: UnsafeMutableRawPointer
  package let count: Int

  package init(count: Int, in arena: SecureArena) throws(SecureMemoryError) {
    guard count <= SecureArena.slotSize else { throw SecureMemoryError() }
    unsafe base = try arena.take()
    self.arena = arena
    self.count = count
  }

  deinit { unsafe arena.give(back: base) }

  package borrowing func withUnsafeBytes<R: ~Copyable, E: Error>(
    _ body: (UnsafeRawBufferPointer) throws(E) -> R
  ) throws(E) -> R {
    try unsafe body(UnsafeRawBufferPointer(start: base, count: count))
  }

  package mutating func withUnsafeMutableBytes<R: ~Copyable, E: Error>(
    _ body: (UnsafeMutableRawBufferPointer) throws(E) -> R
  ) throws(E) -> R {
    try unsafe body(UnsafeMutableRawBufferPointer(start: base, count: count))
  }
}
