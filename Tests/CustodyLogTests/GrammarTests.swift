import CustodyCrypto
import CustodyLog
import CustodyValues
import Testing

/// Each action and each detail by itself, really signed, so that nothing but the grammar can refuse it.
struct GrammarTests {
  static let rows = Paper.Row.all
  let story: Story
  init() throws { story = try Story() }

  private func read(
    _ action: Action, _ details: some Collection<DetailKey>, _ change: (inout EntryDraft) -> Void = { _ in }
  ) throws -> EntryError? {
    do {
      _ = try story.entry(action, story.ada) { draft in
        for key in details { draft.set(key, Array(key.sample.utf8)) }
        change(&draft)
      }
    } catch let error as EntryError { return error }
    return nil
  }

  @Test func `the paper's table of actions is the code's`() throws {
    let rows = try Paper.actions()
    #expect(rows.map(\.action) == Action.allCases)
    for row in rows {
      let rule = row.action.rule
      #expect(Set(rule.signers) == row.signers, "\(row.action)")
      #expect(Set(rule.required) == row.required, "\(row.action)")
      #expect(Set(rule.optional) == row.optional, "\(row.action)")
    }
  }

  @Test(arguments: rows) func `an action takes its details, no fewer and no others`(row: Paper.Row) throws {
    #expect(try read(row.action, row.required) == nil)
    #expect(try read(row.action, row.required.union(row.optional)) == nil)
    for key in row.required {
      #expect(try read(row.action, row.required.subtracting([key])) == .missing(key))
    }
    for key in DetailKey.allCases where !row.required.contains(key) && !row.optional.contains(key) {
      #expect(try read(row.action, row.required.union([key])) == .notAllowed(key))
    }
  }

  @Test(arguments: [
    [DetailKey.reasonSHA256, .sealedReasonSHA256], [.expirySHA256, .sealedExpirySHA256],
    [.metadataCommitment, .metadataEnvelopesSHA256, .previousSHA256],
  ])
  func `details that belong together come together`(group: [DetailKey]) throws {
    let rows = Self.rows.filter { $0.optional.isSuperset(of: group) }
    #expect(!rows.isEmpty)
    for row in rows {
      let whole = row.required.union(group).union([.metadataGeneration])
      #expect(try read(row.action, whole) == nil, "\(row.action)")
      for key in group {
        #expect(try read(row.action, whole.subtracting([key])) == .missing(key), "\(row.action)")
      }
    }
  }

  @Test(arguments: rows.filter { $0.optional.contains(.metadataGeneration) })
  func `text under a metadata key names its generation, and nothing else does`(row: Paper.Row) throws {
    let groups: [[DetailKey]] = [
      [.reasonSHA256, .sealedReasonSHA256], [.expirySHA256, .sealedExpirySHA256],
      [.metadataCommitment, .metadataEnvelopesSHA256, .previousSHA256],
    ]
    for group in groups where row.optional.isSuperset(of: group) {
      #expect(try read(row.action, row.required.union(group)) == .missing(.metadataGeneration))
    }
    #expect(try read(row.action, row.required.union([.metadataGeneration])) == .notAllowed(.metadataGeneration))
  }

  @Test(arguments: rows) func `an action that has sealed text has the generation of its key`(row: Paper.Row)
    throws
  {
    let sealed: Set<DetailKey> = [
      .sealedReasonSHA256, .sealedDestinationSHA256, .sealedExpirySHA256, .sealedMetadataSHA256,
    ]
    let all = row.required.union(row.optional)
    // An action that names sealed text also names the generation of its key.
    if !all.isDisjoint(with: sealed) { #expect(all.contains(.metadataGeneration)) }
  }

  @Test(arguments: rows) func `what did not take place names an item at most`(row: Paper.Row) throws {
    for outcome in [Outcome.denied, .error] {
      #expect(try read(row.action, []) { $0.header.outcome = outcome } == nil)
      for key in DetailKey.allCases {
        let allowed =
          key == .item && (row.action.rawValue.hasPrefix("token.") || row.action.rawValue.hasPrefix("connector."))
        #expect(try read(row.action, [key]) { $0.header.outcome = outcome } == (allowed ? nil : .notAllowed(key)))
      }
    }
  }

  @Test(arguments: DetailKey.allCases) func `a detail has one way to be written`(key: DetailKey) throws {
    let row = try #require(Self.rows.first { $0.required.contains(key) || $0.optional.contains(key) })
    let all = row.required.union(row.optional)
    for value in key.refused {
      #expect(try read(row.action, all) { $0.set(key, Array(value.utf8)) } == .malformed(key), "\(value)")
    }
    // A line whose value is empty, or that is no line: the grammar stops there.
    #expect(try read(row.action, all) { $0.set(key, []) } == .malformedLine("detail"))
    #expect(try read(row.action, all) { $0.set(key, Array(key.sample.utf8) + [0xff]) } == .malformed(key))
    #expect(try read(row.action, all) { $0.set(key, Array("\(key.sample)\r".utf8)) } == .malformed(key))
  }

  @Test func `a value of 4,096 bytes is the longest`() throws {
    let longest = String(repeating: "é", count: 2048)
    #expect(try read(.logExport, [.count, .format, .size]) { $0.set(.filter, longest) } == nil)
    #expect(try read(.logExport, [.count, .format, .size]) { $0.set(.filter, longest + "a") } == .malformed(.filter))
  }

  @Test func `a value cannot bring a line of its own`() throws {
    let forged = try read(.logVerify, []) { $0.set(.size, Array("1\nto 0a".utf8)) }
    #expect(forged == .malformed(.to))
    #expect(try read(.logVerify, []) { $0.set(.size, Array("1\n\n— x AAAA".utf8)) } == .malformedNote)
  }

  @Test func `text is written with its escapes, and read back as it was`() throws {
    let entry = try story.entry(.logExport, story.audrey) { draft in
      for key in [DetailKey.count, .format, .size] { draft.set(key, Array(key.sample.utf8)) }
      draft.set(.filter, "100% \u{202e}\nx")
    }
    #expect(entry.raw(.filter).flatMap { LogValue.unescape($0) } == Array("100% \u{202e}\nx".utf8))
    #expect(try Entry(parsing: entry.bytes).text == entry.text)
    #expect(SignedNote(parsing: entry.bytes)?.bytes == entry.bytes)
  }

  @Test(arguments: ["", "has space", "a+b", "exämple", "custody-entry/v1", String(repeating: "a", count: 201)])
  func `an origin that is none is refused`(origin: String) {
    #expect(throws: EntryError.self) {
      _ = try story.entry(.logVerify, story.ada) {
        $0.header.origin = origin
        $0.set(.size, 1)
      }
    }
  }

  @Test func `a signature in another's name, or over other bytes, is not the author's`() throws {
    let entry = try story.entry(.logVerify, story.ada) { $0.set(.size, 1) }
    #expect(entry.isSigned(by: story.ada.keys.entries.bytes))
    let line = try #require(entry.signatures.first)
    func signed(_ lines: [NoteSignature]) throws -> Bool {
      try Entry(parsing: SignedNote(text: entry.text, signatures: lines).bytes).isSigned(
        by: story.ada.keys.entries.bytes)
    }
    #expect(try signed([line]))
    let other = Entry.keyName(origin: story.origin, member: story.dev.id)
    #expect(
      try !signed([VerifierKey(name: other, ed25519: story.ada.keys.entries.bytes).line(signature: line.signature)]))
    #expect(try !signed([NoteSignature(name: line.name, keyID: line.keyID ^ 1, signature: line.signature)]))
    #expect(try !signed([line, NoteSignature(name: line.name, keyID: line.keyID ^ 1, signature: line.signature)]))
    #expect(
      try !signed([NoteSignature(name: line.name, keyID: line.keyID, signature: Array(line.signature.dropLast()))]))
    #expect(try !signed([NoteSignature(name: line.name, keyID: line.keyID, signature: line.signature + [0])]))
  }
}
