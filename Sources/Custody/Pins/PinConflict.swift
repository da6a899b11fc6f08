internal import CustodyCrypto
package import CustodyLog
internal import CustodyValues

/// The contradiction between a vault and what this machine remembers of it.
public struct PinConflict: Equatable, Sendable {
  /// The way in which the two differ.
  public enum Kind: Sendable {
    /// The vault ends before the pin: an old copy was put back, or the end of the log was cut.
    case older
    /// The vault is long enough, but has another root at the pin's size.
    case rewritten
  }

  /// The way in which the vault differs from the pin.
  public let kind: Kind
  package let pin: Pin
  package let found: Checkpoint
  /// The entry by which an admin of both histories continued from exactly what was pinned here. `recover` may follow
  /// it.
  package let recovery: RecordedRecovery?

  init?(_ pin: Pin, found: Checkpoint, rootAtPin: Digest?, _ recoveries: [RecordedRecovery]) {
    if found.size < pin.checkpoint.size {
      kind = .older
    } else {
      guard rootAtPin != pin.checkpoint.root else { return nil }
      kind = .rewritten
    }
    (self.pin, self.found) = (pin, found)
    recovery = recoveries.last { $0.covers(pin.head) && pin.knows(author: $0) }
  }

  /// A sentence with both checkpoints and what likely happened.
  public var text: String {
    let known = "you verified \(Self.name(pin.checkpoint)) at \(pin.pinned.text)"
    switch kind {
    case .older:
      return "this vault is older than the one you know: it ends at \(Self.name(found)), and \(known);"
        + " an old copy was put back, or the log's end was cut off"
    case .rewritten:
      return "this vault's record is not the one you know: it ends at \(Self.name(found)), and \(known), which is not"
        + " a beginning of it; the record was rewritten, or two copies went on apart"
    }
  }

  static func name(_ checkpoint: Checkpoint) -> String {
    "\("entry".counted(checkpoint.size)) with root \(Base64.text(checkpoint.root))"
  }

  var error: VaultError {
    let goesOn: Hint =
      recovery == nil
      ? "if it is lost, \(step: .recover) goes on from this one"
      : "if it is lost, \(step: .planRecovery) shows which admin went on from this one, and asks"
    return VaultError(
      .integrity, "nothing can be written: \(text)", subject: pin.checkpoint.origin,
      hint: "find the newest copy of the vault; \(goesOn)")
  }
}
