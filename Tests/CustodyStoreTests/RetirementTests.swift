import CustodySystem
import CustodyValues
import CustodyStore
import Foundation
import Testing

/// Retiring an item deletes its secrets and the data keys that opened them, and nothing else.
@Suite struct RetirementTests {
  let folder: Folder
  init() throws { folder = try Folder() }

  @Test(arguments: Engine.allCases)
  func `the secrets of an item go, of a kept earlier value too, and the rows stay`(engine: Engine) throws {
    let store = try filled(engine, folder)
    try store.destroySecrets(of: Cast.token.id)
    var (old, new) = (Cast.oldRevision, Cast.newRevision)
    (old.secret, new.secret) = (nil, nil)
    #expect(try store.revisions(of: Cast.token.id) == [old, new])
    #expect(try store.revision(Cast.token.id, 2, generation: 3) == new)
    #expect(try store.revisions(of: Cast.connector.id) == [Cast.connectorRevision])
    let row = try #require(try store.retrieval(of: Cast.token.id, recipient: Cast.member.id))
    #expect(row.revision == new && row.envelope == Cast.envelope)
    try store.destroySecrets(of: Cast.token.id)
    #expect(try store.revisions(of: Cast.token.id) == [old, new])
  }

  @Test(arguments: Engine.allCases)
  func `the data keys of an item go, and who may read its details still may`(engine: Engine) throws {
    let store = try filled(engine, folder)
    var other = Cast.envelope
    other.item = Cast.connector.id
    try store.put(other)
    try store.destroyDataKeys(of: Cast.token.id)
    var gone = Cast.envelope
    gone.sealed = nil
    var rows: [EnvelopeRow] = []
    try store.eachEnvelope { rows.append($0) }
    #expect(rows == [other, Cast.oldEnvelope, gone, Cast.auditEnvelope, Cast.metadataEnvelope])
    #expect(try store.retrieval(of: Cast.token.id, recipient: Cast.member.id)?.envelope == nil)
    #expect(try store.listing(of: Cast.token.id, recipient: Cast.member.id)?.envelope == Cast.metadataEnvelope)
  }

  @Test(arguments: Engine.allCases)
  func `what was destroyed is not left in the file`(engine: Engine) throws {
    let store = try engine.create(folder.vault)
    let marks = ["a secret that was retired", "an envelope that was opened"].map { Array($0.utf8) }
    try store.write {
      try store.put(Cast.token)
      var row = Cast.newRevision
      row.secret = marks[0]
      try store.put(row)
      var envelope = Cast.envelope
      envelope.sealed = marks[1]
      try store.put(envelope)
    }
    store.close()
    func found() throws -> [Bool] {
      let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.vault))
      return marks.map { bytes.range(of: Data($0)) != nil }
    }
    #expect(try found() == [true, true])
    let again = try engine.open(folder.vault)
    try again.write {
      try again.destroySecrets(of: Cast.token.id)
      try again.destroyDataKeys(of: Cast.token.id)
    }
    again.close()
    #expect(try found() == [false, false])
  }

  @Test(arguments: Engine.allCases)
  func `items open to whoever has an envelope that is not taken back, of either key, each once`(engine: Engine) throws {
    let store = try filled(engine, folder)
    #expect(try store.items(openTo: Cast.member.id) == [Cast.token.id])
    #expect(try store.items(openTo: .none) == [Cast.token.id])
    #expect(try store.items(openTo: Cast.founder.id) == [])
    var other = Cast.metadataEnvelope
    other.item = Cast.connector.id
    try store.put(other)
    #expect(try store.items(openTo: Cast.member.id) == [Cast.connector.id, Cast.token.id])
    try store.destroyDataKeys(of: Cast.token.id)
    #expect(try store.items(openTo: Cast.member.id) == [Cast.connector.id, Cast.token.id])
    try store.takeBackEnvelopes(of: Cast.token.id, recipient: Cast.member.id)
    #expect(try store.items(openTo: Cast.member.id) == [Cast.connector.id])
    #expect(try store.items(openTo: .none) == [Cast.token.id])
  }
}
