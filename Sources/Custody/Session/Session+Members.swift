package import CustodySystem
internal import CustodyCrypto
public import CustodyLog
public import CustodyValues
internal import CustodyStore

/// A request to join, as an admin sees it.
public struct PendingRequest: Sendable {
  /// The request: name, role and keys.
  public let request: JoinRequest
  /// The fingerprint of the request, to be compared with the one that the applicant reads out.
  public let fingerprint: Fingerprint
}

extension Session {
  /// Lists all members, former ones too, by name.
  public func members() throws(VaultError) -> [Member] {
    try translating {
      try core.reading { core.history.members.sorted(by: Member.precedes) }
    }
  }

  /// Lists the requests to join that this member can open. Admins and auditors can.
  public func requests() throws(VaultError) -> [PendingRequest] { try joinRequests().pending }

  package func unreadableRequests() throws(VaultError) -> [Identifier] { try joinRequests().unreadable }

  /// Opens all requests to join in one pass. Anyone who can write the file can add thousands, so each is opened only
  /// once.
  package func joinRequests(
    progress: @escaping ProgressReport = { _, _ in }
  ) throws(VaultError) -> JoinRequests {
    try translating {
      try core.reading {
        var found = JoinRequests()
        guard core.opensNames else { return found }
        let rows = try core.store.requests()
        let tally = Tally(of: UInt64(rows.count), progress)
        let genesis = try core.ledger.leaf(0)
        for row in rows {
          if let pending = try? core.pending(row, genesis) {
            found.pending.append(pending)
          } else {
            found.unreadable.append(row.id)
          }
          tally.add()
        }
        return found
      }
    }
  }

  /// Returns the IDs of all requests to join, without opening them.
  package func requestIDs() throws(VaultError) -> [Identifier] {
    try translating { try core.reading { try core.store.requests().map(\.id) } }
  }
}

extension Member {
  static func precedes(_ one: Member, _ other: Member) -> Bool {
    one.name.utf8.lexicographicallyPrecedes(other.name.utf8)
  }
}

/// Requests to join, and the IDs of those that do not open or are not as their author signed them.
package struct JoinRequests: Sendable {
  package internal(set) var pending: [PendingRequest] = []
  package internal(set) var unreadable: [Identifier] = []
}

extension Core {
  /// Opens a request. It is sealed to the audit key of the epoch in which it was made, and the fingerprint covers that
  /// key.
  func pending(_ row: RequestRow, _ genesis: Digest) throws -> PendingRequest {
    guard opensNames else { throw VaultError(.notPermitted, "only admins and auditors open requests") }
    // A request that is too long to be one is not tried with any key.
    let epochs = row.request.count <= JoinRequest.sealedLimit ? history.epoch : 0
    for epoch in stride(from: epochs, through: 1, by: -1) {
      let key = try ledger.keys.audit(epoch, of: history.epochs)
      guard let opened = try? key.pair.open(row.request) else { continue }
      guard let request = JoinRequest(parsing: opened), request.member == row.id, request.vault == vault,
        request.genesis == genesis, request.seedSHA256 == SealedHashes.seed(row.seed),
        row.seed.isMachines == (request.machine != nil)
      else { break }
      let fingerprint = Fingerprint(
        vault: vault, genesis: genesis, auditKey: key.pair.publicKey.bytes, request: row.request)
      return PendingRequest(request: request, fingerprint: fingerprint)
    }
    throw VaultError(.integrity, "request \(row.id.hex) is not what its author signed", subject: row.id.hex)
  }
}

extension Transaction {
  /// Makes an applicant a member.
  ///
  /// - Parameters:
  ///   - id: the applicant's ID.
  ///   - fingerprint: the fingerprint that the applicant read out over another channel than the file's.
  /// - Throws: ``VaultError``: `notFound`, `notPermitted` unless the author is an admin, `integrity` if the fingerprint
  ///   differs, `conflict` if the name is taken.
  public func approve(_ id: Identifier, fingerprint: Fingerprint) throws(VaultError) {
    try translating {
      try requireRole(for: .memberEnroll)
      guard let row = try core.store.request(id) else {
        throw VaultError(.notFound, "there is no request \(id.hex)", subject: id.hex)
      }
      let pending = try core.pending(row, core.ledger.leaf(0))
      guard pending.fingerprint == fingerprint else {
        throw VaultError(
          .integrity, "the request of \"\(pending.request.name)\" is not the one that was compared",
          subject: pending.request.name, hint: "compare the fingerprint again: \(step: .listMembers)")
      }
      try enroll(pending.request, row)
    }
  }

  private func enroll(_ request: JoinRequest, _ row: RequestRow) throws {
    guard core.history.member(named: request.name) == nil else {
      throw VaultError(
        .conflict, "there is already a member \"\(request.name)\"", subject: request.name,
        hint: "deny this request; they can join again under another name")
    }
    guard let box = BoxPublicKey(request.keys.box.bytes) else { throw CryptoError() }
    let (keys, newest, epochs) = (core.ledger.keys, core.history.epoch, core.history.epochs)
    let kinds: [KeyWrapRow.Kind] = request.role == .developer ? [.vault] : [.vault, .audit]
    let wraps = try kinds.flatMap { kind in
      try ([newest] + keys.unlinked(kind, below: newest, epochs)).map {
        try keys.wrap(kind, of: $0, in: newest, to: row.id, box, epochs)
      }
    }
    _ = try append(.memberEnroll) { entry in
      entry.set(.member, row.id)
      entry.set(.name, request.name)
      entry.set(.role, request.role.rawValue)
      request.keys.name(in: &entry)
      if let machine = request.machine { entry.set(.machine, machine.rawValue) }
      entry.set(.seedSHA256, request.seedSHA256)
      entry.set(.requestSHA256, SHA256.hash(row.request))
      entry.set(.wrapsSHA256, SealedHashes.wraps(wraps))
    }
    try core.store.insert(MemberRow(id: row.id, seed: row.seed, request: row.request))
    for wrap in wraps { try core.store.put(wrap) }
    try core.store.deleteRequest(row.id)
  }

  /// Refuses a request to join, and removes it.
  ///
  /// - Throws: ``VaultError``: `notFound`, `notPermitted` unless the author is an admin.
  public func deny(_ id: Identifier) throws(VaultError) {
    try translating {
      try requireRole(for: .memberDeny)
      guard let row = try core.store.request(id) else {
        throw VaultError(.notFound, "there is no request \(id.hex)", subject: id.hex)
      }
      _ = try append(.memberDeny) { entry in
        entry.set(.request, id)
        entry.set(.requestSHA256, SHA256.hash(row.request))
      }
      try core.store.deleteRequest(id)
    }
  }
}
