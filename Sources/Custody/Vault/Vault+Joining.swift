internal import CustodyCrypto
public import CustodyLog
internal import CustodySecrets
public import CustodyValues
internal import CustodyStore

/// What both sides compare before a member is approved: 160 bits of a hash over the vault and the request.
public struct Fingerprint: Equatable, Sendable {
  /// Eight groups of four, in base32.
  public let text: String

  init(vault: Identifier, genesis: Digest, auditKey: Digest, request: [UInt8]) {
    var pieces = PreAuthentication(count: 5)
    pieces.add("custody/v1/fingerprint".utf8)
    pieces.add(vault)
    pieces.add(genesis.bytes)
    pieces.add(auditKey.bytes)
    pieces.add(request)
    let digits = Base32.encode(SHA256.hash(pieces.bytes).bytes[..<20])
    let groups = stride(from: 0, to: digits.count, by: 4).map { String(decoding: digits[$0..<$0 + 4], as: UTF8.self) }
    text = groups.joined(separator: "-")
  }

  /// As someone may type it: in any case, with spaces, dashes or neither.
  public func matches(_ typed: String) -> Bool {
    func letters(_ text: String) -> [UInt8] {
      text.utf8.filter { $0 != 0x20 && $0 != 0x2d }.map { (0x41...0x5a).contains($0) ? $0 | 0x20 : $0 }
    }
    return letters(typed) == letters(text)
  }
}

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

  public func check() throws(VaultError) {
    try Naming.check(name, as: "a member's name")
    guard machine == nil || role != .admin else {
      throw VaultError(
        .usage, "a machine cannot be an admin: nobody would compare fingerprints", hint: "use --role developer")
    }
  }
}

extension Vault {
  /// Leaves a request to become a member, under a credential that nobody else ever knows.
  public func join(
    _ applicant: Applicant, by credential: borrowing Credential, hardness: Hardness = .standard
  ) throws(VaultError) -> (member: Identifier, fingerprint: Fingerprint) {
    try translating {
      try applicant.check()
      try credential.checkNew(for: applicant.machine)
      try Self.checkLibrary()
      guard let audit = BoxPublicKey(auditKey) else {
        throw VaultError(.integrity, "the vault's audit key is not one that can be sealed to")
      }
      let arena = try SecureArena()
      let joiner = try NewMember(vault: id, credential, hardness, in: arena)
      let request = JoinRequest(
        vault: id, genesis: genesis, member: joiner.id, name: applicant.name, role: applicant.role,
        keys: joiner.holder.keys, machine: applicant.machine, seedSHA256: joiner.seedSHA256)
      let sealed = audit.seal(request.signed(by: joiner.holder.signEntry))
      let row = RequestRow(id: joiner.id, seed: joiner.columns, request: sealed)
      try store.begin(.write)
      do {
        try store.insert(row)
        try store.commit()
      } catch {
        store.rollback()
        throw error
      }
      return (joiner.id, Fingerprint(vault: id, genesis: genesis, auditKey: auditKey, request: sealed))
    }
  }
}
