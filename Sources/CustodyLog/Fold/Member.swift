public import CustodyValues

/// A member of the vault, present or removed, as the log records them.
public struct Member: Sendable {
  /// The member's ID.
  public let id: Identifier
  /// The member's name. No other member has or had it.
  public let name: String
  /// The member's role.
  public internal(set) var role: Role
  package let keys: MemberKeys
  /// A machine's permission. Nil for a person.
  public let machine: MachineUse?
  /// Position and author of the entry that enrolled them.
  package let enrolled: UInt64
  package let enrolledBy: Identifier
  /// Position of the entry that removed them. Nobody else can get their name, keys or ID afterwards.
  package internal(set) var removed: UInt64?
  /// True if the member was not removed.
  public var isActive: Bool { removed == nil }
  /// Position of the entry that took all their grants: it removed them, or made them an auditor. They may keep data
  /// keys that they had, so each item needs a rekey by a holder.
  var lostGrants: UInt64?
  /// Position of the entry that hashes their sealed seed: their enrolment, or their newest rekey.
  package internal(set) var seedEntry: UInt64
  /// Count of their entries, void ones included. The next entry's counter is one more.
  package internal(set) var lastSeq: UInt64 = 0

  /// The name, marked if it is a machine's. For text that has no column for the kind of member.
  package var marked: String { machine == nil ? name : "\(name) (machine)" }

  /// The kind of member in words: a person or a machine.
  package var kind: String { MachineUse.kind(machine) }
}
