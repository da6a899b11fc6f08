public import CustodyValues

/// A member as the log says.
public struct Member: Sendable {
  public let id: Identifier
  public let name: String
  public internal(set) var role: Role
  public let keys: MemberKeys
  /// Nil for a person.
  public let machine: MachineUse?
  /// Position of the entry that enrolled them, and who signed it.
  public let enrolled: UInt64
  public let enrolledBy: Identifier
  /// Position of the entry that removed them. Their name, keys and ID stay theirs.
  public internal(set) var removed: UInt64?
  public var isActive: Bool { removed == nil }
  /// Position of the entry that took all their grants: it removed them, or made them an auditor. They may keep the data
  /// keys that they had: each item waits for a holder to rekey it.
  var lostGrants: UInt64?
  /// Position of the entry that names their sealed seed: the one that enrolled them, or their newest rekey.
  public internal(set) var seedEntry: UInt64
  /// How many entries of theirs there are, void ones included.
  public internal(set) var lastSeq: UInt64 = 0

  /// For people, where there is no column for what someone is.
  public var marked: String { machine == nil ? name : "\(name) (machine)" }

  /// As reports name them.
  public var kind: String { MachineUse.kind(machine) }
}
