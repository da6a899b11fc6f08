internal import CustodyCrypto
public import CustodyLog
internal import CustodyStore

/// Who asks to become a member.
public struct Applicant: Sendable {
  public let name: String
  public let role: Role
  /// Nil for a person.
  public let machine: MachineUse?

  public init(_ name: String, _ role: Role, machine: MachineUse? = nil) {
    (self.name, self.role, self.machine) = (name, role, machine)
  }

  /// As reports name them.
  public var kind: String { MachineUse.kind(machine) }

  package func check() throws(VaultError) {
    try Naming.check(name, as: "a member's name")
    guard machine == nil || role != .admin else {
      throw VaultError(
        .usage, "a machine cannot be an admin: nobody would compare fingerprints",
        hint: "use \(step: .give(.role(.developer)))")
    }
  }
}
