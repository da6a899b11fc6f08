import CustodyCrypto
import CustodyLog
import CustodySecrets
import CustodyValues
import Testing

/// Requests to join: a request is exactly what its own key signed, or it is refused.
struct JoinRequestTests {
  let arena: SecureArena
  let newcomer: Story.Person

  init() throws {
    arena = try SecureArena()
    newcomer = try Story.Person(arena)
  }

  private func request(
    name: String = "dev", _ keys: MemberKeys? = nil, seed: Digest = Story.hash, machine: MachineUse? = nil,
    role: Role = .developer
  ) -> JoinRequest {
    JoinRequest(
      vault: newcomer.id, genesis: Story.hash, member: newcomer.id, name: name, role: role,
      keys: keys ?? newcomer.keys, machine: machine, seedSHA256: seed)
  }

  private func signed(_ request: JoinRequest) throws -> [UInt8] {
    let key = try newcomer.seed.entryKey(in: arena)
    return request.signed { key.sign($0) }
  }

  @Test func `a request comes back as it was`() throws {
    let request = request()
    #expect(JoinRequest(parsing: try signed(request)) == request)
  }

  @Test(arguments: [MachineUse.any, .exchange]) func `a machine's request says so`(machine: MachineUse) throws {
    let request = request(machine: machine)
    #expect(JoinRequest(parsing: try signed(request)) == request)
    #expect(JoinRequest(parsing: try signed(self.request(machine: machine, role: .admin))) == nil)
    let text = String(decoding: request.text, as: UTF8.self)
    #expect(text.contains("\nrole developer\nmachine \(machine.rawValue)\nbox-key "))
  }

  @Test func `every flipped bit, every cut and every added line is refused`() throws {
    let bytes = try signed(request())
    for place in 0..<(bytes.count * 8) {
      var changed = bytes
      changed[place / 8] ^= 1 << UInt8(place % 8)
      #expect(JoinRequest(parsing: changed) == nil, "bit \(place)")
    }
    for count in bytes.indices { #expect(JoinRequest(parsing: Array(bytes[..<count])) == nil) }
    #expect(JoinRequest(parsing: bytes + [0x0a]) == nil)
    let last = try #require(bytes.dropLast().lastIndex(of: 0x0a))
    let line = Array(bytes[(last + 1)...])
    #expect(JoinRequest(parsing: bytes + line) == nil)
    let note = try #require(SignedNote(parsing: bytes))
    #expect(
      JoinRequest(parsing: SignedNote(text: note.text + Array("role admin\n".utf8), signatures: note.signatures).bytes)
        == nil)
  }

  @Test func `a request that says more, or another kind of thing, is refused though its key signed it`() throws {
    let key = try newcomer.seed.entryKey(in: arena)
    let name = "\(newcomer.id.hex)/\(newcomer.id.hex)"
    func read(_ text: String, _ name: String) -> JoinRequest? {
      let bytes = Array(text.utf8)
      let line = VerifierKey(name: name, ed25519: key.publicKey).line(signature: key.sign(bytes))
      return JoinRequest(parsing: SignedNote(text: bytes, signatures: [line]).bytes)
    }
    let proper = String(decoding: request().text, as: UTF8.self)
    #expect(read(proper, name) == request())
    #expect(read(proper, newcomer.id.hex) == nil)
    #expect(read(proper + "role admin\n", name) == nil)
    #expect(read(proper + "\n", name) == nil)
    #expect(read(proper.replacing("custody-request/v1", with: "custody-request/v2"), name) == nil)
    #expect(read(proper.replacing("custody-request/v1", with: "custody-entry/v1"), name) == nil)
    #expect(read(proper.replacing("role developer", with: "role owner"), name) == nil)
    #expect(read(proper.replacing("role developer\n", with: ""), name) == nil)
  }

  @Test(arguments: ["", "Dev", "de v", "dev\nrole admin", "d\u{435}v"]) func `a name that is none is refused`(
    name: String
  ) throws {
    #expect(JoinRequest(parsing: try signed(request(name: name))) == nil)
  }

  @Test func `keys that nobody should have, and a signature by another, are refused`() throws {
    let (keys, zero) = (newcomer.keys, try #require(Digest([UInt8](repeating: 0, count: 32))))
    func with(box: Digest? = nil, checkpoints: Digest? = nil, cosignatures: Digest? = nil) -> MemberKeys {
      MemberKeys(
        box: box.map { MemberKey($0) } ?? keys.box, entries: keys.entries,
        checkpoints: checkpoints.map { MemberKey($0) } ?? keys.checkpoints,
        cosignatures: cosignatures.map { MemberKey($0) } ?? keys.cosignatures)
    }
    #expect(JoinRequest(parsing: try signed(request(with(box: zero)))) == nil)
    #expect(JoinRequest(parsing: try signed(request(with(checkpoints: zero)))) == nil)
    #expect(JoinRequest(parsing: try signed(request(with(cosignatures: zero)))) == nil)
    let other = try Story.Person(arena).seed.entryKey(in: arena)
    #expect(JoinRequest(parsing: request().signed { other.sign($0) }) == nil)
  }
}
