/// The JSON calls under `/sandbox/`, which Sandbox.swift lists.
struct ScriptDoor {
  let kaizala: Kaizala
  let realms: RealmDoor

  private struct Complaint: Encodable { let error: String }
  private struct Opened: Encodable { let session: String }
  private struct Added: Encodable { let id, secret: String }
  private struct Granted: Encodable {
    let refreshToken: String
    let refreshTokenExpiry: Int64
  }

  func answer(_ call: Call) async -> Response {
    guard call.method == .post else {
      return .json(Complaint(error: "every call under /sandbox/ is a POST"), status: 404)
    }
    do throws(PortalRefusal) {
      return switch Array(call.path.dropFirst()) {
      case let path where path.first == "oauth": try await realms.answer(call)
      case ["fault"]: try await spoil(call)
      case ["clock"]: try await age(call)
      case ["report"]: .json(await kaizala.report(inFlightMost: realms.turnstile.most(at: ["v1", "accessToken"])))
      case ["signin"]: try await signIn(call)
      case ["phone"]: try await addPhone(call)
      case ["pin"]: try await confirm(call)
      case ["connectors"]: try await addConnector(call)
      case let path where path.count == 3 && path[0] == "connectors" && path[2] == "token":
        try await generateToken(for: path[1], call)
      default: .json(Complaint(error: "there is no such call"), status: 404)
      }
    } catch {
      return .json(Complaint(error: error.text), status: error.status)
    }
  }

  private func signIn(_ call: Call) async throws(PortalRefusal) -> Response {
    struct Asked: Decodable { let email, role, organisation: String }
    let asked: Asked = try read(call, fields: "email, role and organisation")
    let person = try Person(email: asked.email, role: asked.role, organisation: asked.organisation)
    return .json(Opened(session: await kaizala.begin(person).id))
  }

  private func spoil(_ call: Call) async throws(PortalRefusal) -> Response {
    await kaizala.order(try read(call, fields: "fault, count, seconds, location and acts"))
    return .json(EmptyObject())
  }

  private func age(_ call: Call) async throws(PortalRefusal) -> Response {
    struct Asked: Decodable { let days: Int64 }
    let asked: Asked = try read(call, fields: "days")
    guard (0...10_000).contains(asked.days) else { throw .bad("days are from 0 to 10000") }
    await kaizala.age(byDays: asked.days)
    return .json(EmptyObject())
  }

  private func addPhone(_ call: Call) async throws(PortalRefusal) -> Response {
    struct Asked: Decodable { let session, mobileNumber: String }
    let asked: Asked = try read(call, fields: "session and mobileNumber")
    try await kaizala.addPhone(asked.mobileNumber, of: person(asked.session))
    return .json(EmptyObject())
  }

  private func confirm(_ call: Call) async throws(PortalRefusal) -> Response {
    struct Asked: Decodable {
      let session: String
      let pin: PIN
    }
    let asked: Asked = try read(call, fields: "session and pin")
    try await kaizala.confirmPhone(pin: asked.pin.number, of: person(asked.session))
    return .json(EmptyObject())
  }

  private func addConnector(_ call: Call) async throws(PortalRefusal) -> Response {
    struct Asked: Decodable {
      let session, name: String
      let details: String?
      let permissions: [String]
    }
    let asked: Asked = try read(call, fields: "session, name, details and permissions")
    let draft = try ConnectorDraft(name: asked.name, details: asked.details ?? "", permissions: asked.permissions)
    let connector = try await kaizala.add(draft, by: person(asked.session))
    return .json(Added(id: connector.id, secret: connector.secret))
  }

  private func generateToken(for id: String, _ call: Call) async throws(PortalRefusal) -> Response {
    struct Asked: Decodable { let session: String }
    let asked: Asked = try read(call, fields: "session")
    let issued = try await kaizala.generateToken(for: id, by: person(asked.session))
    return .json(Granted(refreshToken: issued.text, refreshTokenExpiry: issued.expiryInMilliseconds))
  }

  private func read<Asked: Decodable>(_ call: Call, fields: String) throws(PortalRefusal) -> Asked {
    guard let asked: Asked = call.json() else { throw .bad("the body is a JSON object of \(fields)") }
    return asked
  }

  private func person(_ session: String) async throws(PortalRefusal) -> Person {
    guard let person = await kaizala.visit(session)?.person else { throw .notSignedIn }
    return person
  }
}
