internal import CustodyCrypto
public import CustodyLog
internal import CustodyStore

/// A person or machine that asks to become a member.
public struct Applicant: Sendable {
  /// The name that they ask for.
  public let name: String
  /// The role that they ask for.
  public let role: Role
  /// The use of a machine. Nil for a person.
  public let machine: MachineUse?

  /// Makes an applicant.
  ///
  /// - Parameters:
  ///   - name: the name that they ask for.
  ///   - role: the role that they ask for.
  ///   - machine: the use of a machine. Nil for a person.
  public init(_ name: String, _ role: Role, machine: MachineUse? = nil) {
    (self.name, self.role, self.machine) = (name, role, machine)
  }

  /// The word by which reports name them: `person`, or a machine's use.
  public var kind: String { MachineUse.kind(machine) }

  package func check() throws(VaultError) {
    try Name.check(name, as: "a member's name")
    guard machine == nil || role != .admin else {
      throw VaultError(
        .usage, "a machine cannot be an admin: nobody would compare fingerprints",
        hint: "use \(step: .give(.role(.developer)))")
    }
  }
}
