import CustodyEvidence
import CustodyImport
import Custody
import CustodyLog
import CustodyTesting
import Synchronization
import Testing

/// Exports of other tools, as those write them.
struct ImportTests {
  struct Sample: Sendable, CustomTestStringConvertible {
    let format: ImportFormat
    var what = ""
    let text: String
    var map: [String] = []

    var testDescription: String { "\(format.rawValue) \(what)" }

    func plan(provider: String? = "google", reach: Reach? = .tenant) throws -> (ImportPlan, ImportFile) {
      let file = try ImportFile(secret(text), format, map: ImportMap(typed: map))
      return (try ImportPlan(file, format, ImportPlan.Defaults(provider: provider, reach: reach)), file)
    }
  }

  static let places = [
    "CRM_ID=crm#connector-id", "CRM_SECRET=crm#connector-secret", "CRM_TOKEN=contoso/crm#refresh-token",
  ]

  /// All of them mean the same: a connector crm with ID g-1 and a secret, and a token of contoso, "nightly" where there are notes.
  static let samples = [
    Sample(
      format: .csv,
      text: """
        type,name,provider,id,secret,reach,note\r
        connector,crm,google,g-1,"se""cret, é",,\r
        token,contoso/crm,,,rt-1,tenant,nightly\r

        """),
    Sample(
      format: .csv, what: "with columns of another name",
      text: "Name,ID,Password,Owner\ncrm,g-1,\"se\"\"cret, é\",x\ncontoso/crm,,rt-1,y",
      map: ["Name=name", "ID=id", "Password=secret", "Owner=-"]),
    Sample(
      format: .json,
      text: #"""
        {"v": 1, "connectors": [{"name": "crm", "provider": "google", "id": "g-1", "secret": "se\"cret, \u00e9"}],
         "tokens": [{"name": "contoso/crm", "secret": "rt-1", "reach": "tenant", "note": "nightly"}]}
        """#),
    Sample(
      format: .env,
      text: #"""
        # of the nightly job
        export CRM_ID=g-1
        CRM_SECRET="se\"cret, é"
        CRM_TOKEN='rt-1'  # nightly
        PATH_TO_NOTHING=/dev/null
        """#, map: places),
    Sample(
      format: .keepassCSV, what: "of KeePassXC",
      text: #"""
        "Group","Title","Username","Password","URL","Notes","TOTP","Icon","Last Modified","Created"
        "Root","crm","g-1","se""cret, é","https://console.example","","","0","2026-01-01T00:00:00Z","2026-01-01T00:00:00Z"
        "Root/x","contoso/crm","ada@contoso.example","rt-1","","nightly","","0","2026-01-01T00:00:00Z","2026-01-01T00:00:00Z"
        """#),
    Sample(
      format: .keepassCSV, what: "of KeePass 1",
      text: #"""
        "Account","Login Name","Password","Web Site","Comments"
        "crm","g-1","se\"cret, é","",""
        "contoso/crm","","rt-1","","nightly"
        """#),
    Sample(
      format: .op,
      text: #"""
        [{"id": "2fcbqwe9ndg175zg2dzwftvkpa", "title": "crm", "version": 1, "category": "API_CREDENTIAL", "fields": [
           {"id": "notesPlain", "type": "STRING", "purpose": "NOTES", "label": "notesPlain"},
           {"id": "username", "type": "STRING", "label": "username", "value": "g-1"},
           {"id": "credential", "type": "CONCEALED", "label": "credential", "value": "se\"cret, \u00e9"}]},
         {"id": "3fcbqwe9ndg175zg2dzwftvkpa", "title": "contoso/crm", "category": "PASSWORD", "fields": [
           {"id": "password", "type": "CONCEALED", "purpose": "PASSWORD", "label": "password", "value": "rt-1"},
           {"id": "x7", "type": "STRING", "label": "colour", "value": "blue"},
           {"id": "notesPlain", "type": "STRING", "purpose": "NOTES", "label": "notesPlain", "value": "nightly"}]}]
        """#),
    Sample(
      format: .bws,
      text: #"""
        [{"id": "be8e0ad8-d545-4017-a55a-b02f014d4158", "organizationId": "o", "projectId": "p", "key": "CRM_ID", "value": "g-1", "note": ""},
         {"id": "ce8e0ad8-d545-4017-a55a-b02f014d4158", "key": "CRM_SECRET", "value": "se\"cret, \u00e9", "note": ""},
         {"id": "de8e0ad8-d545-4017-a55a-b02f014d4158", "key": "CRM_TOKEN", "value": "rt-1", "note": "nightly"},
         {"id": "ee8e0ad8-d545-4017-a55a-b02f014d4158", "key": "PAGER", "value": "x", "note": ""}]
        """#, map: places),
    Sample(
      format: .vaultKV, what: "version 2",
      text: #"""
        {"request_id": "5b2f", "lease_id": "", "lease_duration": 0, "renewable": false, "data": {"data": {
           "crm#connector-id": "g-1", "crm#connector-secret": "se\"cret, \u00e9", "contoso/crm": "rt-1", "ttl": "4h"},
           "metadata": {"created_time": "2026-01-01T00:00:00Z", "destroyed": false, "version": 2}}, "warnings": null}
        """#),
    Sample(
      format: .vaultKV, what: "version 1",
      text:
        #"{"data": {"CRM_ID": "g-1", "CRM_SECRET": "se\"cret, é", "CRM_TOKEN": "rt-1"}, "lease_duration": 2764800}"#,
      map: places),
  ]

  @Test(arguments: samples) func `each format gives the same connector and token, in one commit`(sample: Sample) throws
  {
    let vault = try TemporaryVault()
    let session = try vault.session(.ada)
    let before = try session.verifyLog().checkpoints
    var (plan, file) = try sample.plan()
    try session.check(&plan)
    try session.store(plan, from: file)

    let connector = try session.connector("crm").details
    #expect([connector.provider, connector.connectorID] == ["google", "g-1"])
    let secrets = try session.reveal([(.connector, "crm"), (.token, "contoso/crm")], how: .exec)
    #expect(secrets.map { text($0.bytes) } == ["se\"cret, é", "rt-1"])
    let token = try session.token("contoso/crm").details
    #expect(token.reach == .tenant)
    #expect(token.provider == "google")
    if sample.text.contains("nightly"), sample.format != .env { #expect(token.note == "nightly") }
    // One for both, one for both reveals, and one for the verification before.
    #expect(try session.verifyLog().checkpoints == before + 3)
  }

  @Test(arguments: [
    (Sample(format: .csv, text: "name,id,secret\ncrm,1,a\ncrm,2,b"), "row 3: row 2 is a connector \"crm\" already"),
    (Sample(format: .csv, text: "name,secret,shoe\n"), "row 1: column \"shoe\" is not known"),
    (Sample(format: .csv, text: "name\ncrm"), "row 1: there is no column \"secret\""),
    (Sample(format: .csv, text: "name,id,secret\ncrm,1,\"open"), "row 2, column 3:"),
    (Sample(format: .csv, text: "name,secret\ncrm,a,b"), "row 2: it has 3 columns, and the header has 2"),
    (Sample(format: .csv, text: "name,secret,reach\na/b,x,world"), "row 2, column \"reach\": \"world\" is not"),
    (Sample(format: .csv, text: "name,id,secret\nCRM,1,x"), "row 2, column \"name\": \"CRM\" is no name"),
    (Sample(format: .csv, text: "name,id,secret\ncrm,1,"), "row 2, column \"secret\": there is no secret"),
    (Sample(format: .csv, text: "name,secret"), "the file: there is nothing in it"),
    (
      Sample(format: .csv, text: "name,secret,note\na/b,x,y\na/c,x,\(String(repeating: "n", count: 16385))"),
      "row 3, column \"note\": it has more than 16384 bytes"
    ),
    (
      Sample(
        format: .keepassCSV,
        text: "Title,Password,Notes\na/c,x,\"\(String(repeating: "n\n", count: 9000))\""),
      "row 2, column \"Notes\": it has more than 16384 bytes"
    ),
    (
      Sample(format: .json, text: #"{"tokens": [{"name": "a/b", "sekret": "x"}]}"#), "tokens[0].sekret: it is not known"
    ),
    (Sample(format: .json, text: #"{"tokens": [{"name": "a/b"}]}"#), "tokens[0].secret: there is no secret"),
    (Sample(format: .json, text: #"{"tokens": [] "#), "it is not JSON"),
    (Sample(format: .env, text: "A=1\nB=$(id)"), "line 2"),
    (Sample(format: .env, text: "A=1\nA=2"), "line 2: A stands in line 1 already"),
    (Sample(format: .op, text: #"[{"id": "x"}]"#), "[0]: it has no title"),
    (Sample(format: .bws, text: #"[{"key": "a"}]"#), "[0]: it has no key and value"),
    (Sample(format: .vaultKV, text: #"{"data": {"data": null, "metadata": {}}}"#), "data.data: there are no values"),
    (Sample(format: .vaultKV, text: #"{"a": 1}"#), "the file: it has no object \"data\""),
  ]) func `what is wrong is refused with its place`(sample: Sample, said: String) throws {
    let error = refusal { _ = try sample.plan() }
    #expect(error?.code == .badInput)
    #expect(error?.reason.hasPrefix(said) == true || error?.reason.contains(said) == true, "\(error?.reason ?? "")")
    #expect(error?.reason.hasSuffix("nothing is imported") == true)
  }

  @Test(arguments: [
    Sample(format: .bws, text: #"[{"key": "a/b", "value": "x", "note": "one\nand two"}]"#),
    Sample(format: .keepassCSV, text: "Title,Password,Notes\na/b,x,\"one\r\nand two\""),
  ]) func `line breaks of others' notes become spaces`(sample: Sample) throws {
    #expect(try sample.plan().0.tokens.map(\.details.note) == ["one and two"])
  }

  @Test func `names that the vault has, and tokens of no connector, are refused before anything is stored`() throws {
    let vault = try TemporaryVault()
    try vault.furnish()
    let session = try vault.session(.ada)
    var (taken, _) = try Sample(format: .csv, text: "name,id,secret\ncrm-sync,1,x\nnew,2,y").plan()
    let error = refusal { try session.check(&taken) }
    #expect(error?.code == .conflict)
    #expect(error?.reason.contains("the vault has crm-sync already") == true)
    var (orphan, _) = try Sample(format: .csv, text: "name,secret\ncontoso/erp,x").plan()
    #expect(refusal { try session.check(&orphan) }?.reason.hasPrefix("row 2: there is no connector \"erp\"") == true)
  }

  @Test func `who is no admin imports no tokens, and the connectors beside them stay out`() throws {
    let vault = try TemporaryVault()
    let session = try vault.session(.dev)
    var (plan, file) = try Self.samples[0].plan()
    try session.check(&plan)
    #expect(refusal { try session.store(plan, from: file) }?.code == .notPermitted)
    #expect(refusal { _ = try vault.session(.ada).connector("crm") }?.code == .notFound)
  }

  @Test func `an import tells of its items`() throws {
    let vault = try TemporaryVault()
    let session = try vault.session(.ada)
    let rows = (0..<100).map { "token,t\($0)/crm,,,rt-\($0),user\n" }.joined()
    let text = "type,name,provider,id,secret,reach\nconnector,crm,google,g-1,s,\n" + rows
    let file = try ImportFile(secret(text), .csv, map: ImportMap(typed: []))
    var plan = try ImportPlan(file, .csv, ImportPlan.Defaults(provider: nil, reach: nil))
    try session.check(&plan)
    let last = Mutex<[UInt64]>([])
    try session.store(plan, from: file, progress: { done, total in last.withLock { $0 = [done, total] } })
    #expect(last.withLock(\.self) == [101, 101])
  }
}
