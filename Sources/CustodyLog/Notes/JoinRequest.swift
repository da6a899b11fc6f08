internal import CustodyCrypto
public import CustodyValues

/// A request to join a vault: the applicant's name, wanted role and public keys, signed by the new key itself.
public struct JoinRequest: Equatable, Sendable {
  package static let firstLine = "custody-request/v1"

  /// Longest sealed request in bytes, twice what the longest name and role make. Sealing adds 48 bytes.
  package static let sealedLimit = 2048

  /// ID of the vault.
  public let vault: Identifier
  /// Leaf hash of the vault's first entry. It binds the request to this vault, not to one put in its place.
  package let genesis: Digest
  /// The ID that the applicant will have as a member.
  public let member: Identifier
  /// The name that the applicant asks for.
  public let name: String
  /// The role that the applicant asks for.
  public let role: Role
  package let keys: MemberKeys
  /// The permission asked for a machine. Nil for a person.
  public let machine: MachineUse?
  /// SHA-256 of the sealed seed and of the costs of its passphrase.
  package let seedSHA256: Digest

  package init(
    vault: Identifier, genesis: Digest, member: Identifier, name: String, role: Role, keys: MemberKeys,
    machine: MachineUse? = nil, seedSHA256: Digest
  ) {
    (self.vault, self.genesis, self.member) = (vault, genesis, member)
    (self.name, self.role, self.keys, self.machine, self.seedSHA256) = (name, role, keys, machine, seedSHA256)
  }

  private static func keyName(_ vault: Identifier, _ member: Identifier) -> String { "\(vault.hex)/\(member.hex)" }

  package var text: [UInt8] {
    func base64(_ digest: Digest) -> String { String(decoding: Base64.encode(digest), as: UTF8.self) }
    let mark = machine.map { ["machine \($0.rawValue)"] } ?? []
    let lines =
      [
        Self.firstLine, "vault \(vault.hex)", "genesis \(base64(genesis))", "member \(member.hex)", "name \(name)",
        "role \(role.rawValue)",
      ] + mark + [
        "box-key \(base64(keys.box.bytes))", "checkpoint-key \(base64(keys.checkpoints.bytes))",
        "cosign-key \(base64(keys.cosignatures.bytes))", "sign-key \(base64(keys.entries.bytes))",
        "seed-sha256 \(base64(seedSHA256))",
      ]
    return Array((lines.joined(separator: "\n") + "\n").utf8)
  }

  package func signed(by sign: ([UInt8]) throws -> [UInt8]) rethrows -> [UInt8] {
    let key = VerifierKey(name: Self.keyName(vault, member), ed25519: keys.entries.bytes)
    return SignedNote(text: text, signatures: [key.line(signature: try sign(text))]).bytes
  }

  /// Parses a request strictly, and verifies its signature by the key in it.
  package init?(parsing bytes: [UInt8]) {
    guard let note = SignedNote(parsing: bytes), note.signatures.count == 1, let request = Self.read(note.text),
      request.text == note.text, request.keys.areUsable
    else { return nil }
    let key = VerifierKey(name: Self.keyName(request.vault, request.member), ed25519: request.keys.entries.bytes)
    guard key.verify(note) else { return nil }
    self = request
  }

  private static func read(_ text: [UInt8]) -> JoinRequest? {
    var lines = LineReader(bytes: text, end: text.count)
    _ = lines.line()
    func value(_ word: String) -> ArraySlice<UInt8> { (try? lines.value(of: word)) ?? [] }
    guard let vault = Identifier(hex: value("vault")), let genesis = Base64.digest(value("genesis")),
      let member = Identifier(hex: value("member"))
    else { return nil }
    let name = String(decoding: value("name"), as: UTF8.self)
    guard Name.isValid(name.utf8), let role = Role(rawValue: String(decoding: value("role"), as: UTF8.self)) else {
      return nil
    }
    // Only a machine's request has this line.
    let machine: MachineUse?
    let ahead = lines
    if let line = lines.next(), text[line.word].elementsEqual("machine".utf8) {
      guard role != .admin, let use = MachineUse(rawValue: String(decoding: text[line.value], as: UTF8.self)) else {
        return nil
      }
      machine = use
    } else {
      machine = nil
      lines = ahead
    }
    guard let box = Base64.digest(value("box-key")), let checkpoints = Base64.digest(value("checkpoint-key")),
      let cosignatures = Base64.digest(value("cosign-key")), let entries = Base64.digest(value("sign-key")),
      let seed = Base64.digest(value("seed-sha256"))
    else { return nil }
    let keys = MemberKeys(
      box: MemberKey(box), entries: MemberKey(entries), checkpoints: MemberKey(checkpoints),
      cosignatures: MemberKey(cosignatures))
    return JoinRequest(
      vault: vault, genesis: genesis, member: member, name: name, role: role, keys: keys, machine: machine,
      seedSHA256: seed)
  }
}
