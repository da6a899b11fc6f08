public import CustodyValues

/// A member as the log says.
public struct Member: Sendable {
  public let id: Identifier
  public let name: String
  public internal(set) var role: Role
  package let keys: MemberKeys
  /// Nil for a person.
  public let machine: MachineUse?
  /// Position of the entry that enrolled them, and who signed it.
  package let enrolled: UInt64
  package let enrolledBy: Identifier
  /// Position of the entry that removed them. Their name, keys and ID stay theirs.
  package internal(set) var removed: UInt64?
  public var isActive: Bool { removed == nil }
  /// Position of the entry that took all their grants: it removed them, or made them an auditor. They may keep the data
  /// keys that they had: each item waits for a holder to rekey it.
  var lostGrants: UInt64?
  /// Position of the entry that names their sealed seed: the one that enrolled them, or their newest rekey.
  package internal(set) var seedEntry: UInt64
  /// How many entries of theirs there are, void ones included.
  package internal(set) var lastSeq: UInt64 = 0

  /// For people, where there is no column for what someone is.
  package var marked: String { machine == nil ? name : "\(name) (machine)" }

  /// As reports name them.
  package var kind: String { MachineUse.kind(machine) }
}
