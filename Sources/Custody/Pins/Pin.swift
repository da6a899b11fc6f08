internal import CustodyCrypto
public import CustodyLog
public import CustodyMemory

/// The newest checkpoint of a vault that this machine verified, and how far its log was verified in full.
public struct Pin: Equatable, Sendable {
  public let checkpoint: Checkpoint
  /// As its signer made it.
  public let note: SignedNote
  public let pinned: Timestamp
  /// Every signature below this position held, at that time; none was asked for where it is 0.
  public let verified: UInt64
  public let verifiedAt: Timestamp

  init?(_ note: SignedNote, pinned: Timestamp, verified: UInt64, at verifiedAt: Timestamp) {
    guard let checkpoint = Checkpoint(parsing: note.text), verified <= checkpoint.size else { return nil }
    (self.checkpoint, self.note, self.pinned) = (checkpoint, note, pinned)
    (self.verified, self.verifiedAt) = (verified, verifiedAt)
  }

  static let firstLine = "custody-pin/v1"
  static let limit = 1 << 16

  /// Strict: what parses formats back to the same bytes.
  public init?(parsing bytes: [UInt8]) {
    let parts = bytes.split(separator: 0x0a, maxSplits: 4, omittingEmptySubsequences: false)
    guard parts.count == 5, parts[0].elementsEqual(Self.firstLine.utf8), parts[3].isEmpty,
      let pinned = Self.words(parts[1], of: "pinned", 1).flatMap({ Timestamp(rfc3339: $0[0]) }),
      let words = Self.words(parts[2], of: "verified", 2), let verified = Decimal.parse(words[0]),
      let verifiedAt = Timestamp(rfc3339: words[1]), let note = SignedNote(parsing: Array(parts[4]))
    else { return nil }
    self.init(note, pinned: pinned, verified: verified, at: verifiedAt)
    guard self.bytes == bytes else { return nil }
  }

  private static func words(_ line: ArraySlice<UInt8>, of word: String, _ count: Int) -> [ArraySlice<UInt8>]? {
    let words = line.split(separator: 0x20, omittingEmptySubsequences: false)
    guard words.count == count + 1, words[0].elementsEqual(word.utf8) else { return nil }
    return Array(words.dropFirst())
  }

  public var bytes: [UInt8] {
    let lines = [Self.firstLine, "pinned \(pinned.text)", "verified \(verified) \(verifiedAt.text)", "", ""]
    return Array(lines.joined(separator: "\n").utf8) + note.bytes
  }
}

/// A vault that is not the one that was pinned, or that one as it was before.
public struct PinConflict: Equatable, Sendable {
  public enum Kind: Sendable {
    /// It ends before the pin: an old copy was put back, or the end of the log was cut.
    case older
    /// It is long enough and has another root where the pin stands.
    case rewritten
  }

  public let kind: Kind
  public let pin: Pin
  public let found: Checkpoint

  init?(_ pin: Pin, found: Checkpoint, rootAtPin: Digest?) {
    if found.size < pin.checkpoint.size {
      kind = .older
    } else {
      guard rootAtPin != pin.checkpoint.root else { return nil }
      kind = .rewritten
    }
    (self.pin, self.found) = (pin, found)
  }

  /// Both checkpoints, and what likely happened.
  public var text: String {
    let known = "you verified \(Self.name(pin.checkpoint)) at \(pin.pinned.text)"
    switch kind {
    case .older:
      return "this vault is older than the one you know: it ends at \(Self.name(found)), and \(known);"
        + " an old copy was put back, or the log's end was cut off"
    case .rewritten:
      return "this vault's history is not the one you know: it ends at \(Self.name(found)), and \(known), which is not"
        + " a beginning of it; the history was rewritten, or two copies went on apart"
    }
  }

  private static func name(_ checkpoint: Checkpoint) -> String {
    let root = String(decoding: Base64.encode(checkpoint.root), as: UTF8.self)
    return "\(checkpoint.size) entries with root \(root)"
  }

  var error: VaultError {
    VaultError(
      .integrity, "nothing can be written: \(text)", subject: pin.checkpoint.origin,
      hint: "find the newest copy of the vault; if it is lost, \"custody log recover --reason …\" goes on from this one"
    )
  }
}
