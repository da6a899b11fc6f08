/// The portal's pages for one signed-in person.
struct Desk {
  let kaizala: Kaizala
  let person: Person
  let visit: Visit
  let phone: String?

  func show(_ path: [String]) async -> Response {
    do throws(PortalRefusal) {
      switch path {
      case []: return .redirect(phone == nil ? "/phone" : "/connectors")
      case ["phone"]: return await phonePage(problem: nil)
      case ["connectors"]: return Page.connectors(self, await kaizala.connectors(seenBy: person))
      case ["connectors", "new"]: return Page.newConnector(self, nil, problem: nil)
      case let path where path.count == 2 && path[0] == "connectors":
        return Page.connector(self, try await kaizala.connector(path[1], seenBy: person))
      default: return Page.fault("there is no such page", status: 404)
      }
    } catch {
      return Page.fault(error.text, status: error.status)
    }
  }

  func take(_ path: [String], _ form: Form) async -> Response {
    do throws(PortalRefusal) {
      switch path {
      case ["signout"]:
        await kaizala.end(visit)
        return .redirect("/signin")
      case ["phone"], ["phone", "pin"]: return await takePhone(path, form)
      case ["connectors"]: return await takeConnector(form)
      case let path where path.count == 3 && path[0] == "connectors": return try await act(path[2], on: path[1], form)
      default: return Page.fault("there is no such page", status: 404)
      }
    } catch {
      return Page.fault(error.text, status: error.status)
    }
  }

  private func phonePage(problem: PortalRefusal?) async -> Response {
    Page.phone(self, waiting: await kaizala.waitingPhone(of: person), problem: problem)
  }

  private func takePhone(_ path: [String], _ form: Form) async -> Response {
    do throws(PortalRefusal) {
      guard path == ["phone", "pin"] else {
        try await kaizala.addPhone(form["mobileNumber"], of: person)
        return .redirect("/phone")
      }
      try await kaizala.confirmPhone(pin: Int(form["pin"].filter { $0 != " " }), of: person)
      return .redirect("/connectors")
    } catch {
      return await phonePage(problem: error)
    }
  }

  private func takeConnector(_ form: Form) async -> Response {
    do throws(PortalRefusal) {
      let draft = try ConnectorDraft(
        name: form["name"], details: form["details"], permissions: form.all("permission"))
      return Page.added(self, try await kaizala.add(draft, by: person))
    } catch {
      return Page.newConnector(self, form, problem: error)
    }
  }

  private func act(_ action: String, on id: String, _ form: Form) async throws(PortalRefusal) -> Response {
    switch action {
    case "token":
      let connector = try await kaizala.connector(id, seenBy: person)
      return Page.token(self, connector, try await kaizala.generateToken(for: id, by: person))
    case "deactivate":
      try await kaizala.deactivate(id, by: person)
      return .redirect("/connectors/\(id)")
    case "delete":
      guard form["sure"] == "yes" else { throw .bad("tick the box that says the tokens may stop working") }
      try await kaizala.delete(id, by: person)
      return .redirect("/connectors")
    default: return Page.fault("there is no such page", status: 404)
    }
  }
}
