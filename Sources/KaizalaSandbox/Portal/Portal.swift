import Foundation

/// The portal's pages: plain forms, a session cookie, and in each form a token against forgery from other sites.
struct Portal {
  static let cookieName = "kaizala-sandbox"

  let kaizala: Kaizala

  func answer(_ call: Call) async -> Response {
    if call.method == .get, call.path == ["style.css"] { return Self.style }
    guard call.method == .get || call.method == .post else { return Page.fault("there is no such page", status: 404) }
    let form = Form(call.method == .post ? call.body : Data())
    let visit = await kaizala.visit(Self.cookie(of: call))
    if call.method == .post {
      guard let visit, form["form"] == visit.formToken else {
        return Page.fault("the form did not come from this portal, or is too old; open the page again", status: 403)
      }
    }
    if call.path == ["signin"] { return await signIn(call, form, visit) }
    guard let visit, let person = visit.person else { return .redirect("/signin") }
    let desk = Desk(kaizala: kaizala, person: person, visit: visit, phone: await kaizala.phone(of: person))
    return call.method == .post ? await desk.take(call.path, form) : await desk.show(call.path)
  }

  private func signIn(_ call: Call, _ form: Form, _ visit: Visit?) async -> Response {
    guard call.method == .post, let visit else {
      if let visit { return Page.signIn(visit, form, problem: nil) }
      let first = await kaizala.begin()
      return Self.with(first, Page.signIn(first, form, problem: nil))
    }
    do throws(PortalRefusal) {
      let person = try Person(email: form["email"], role: form["role"], organisation: form["organisation"])
      let home = await kaizala.phone(of: person) == nil ? "/phone" : "/connectors"
      return Self.with(await kaizala.begin(person, replacing: visit), .redirect(home))
    } catch {
      return Page.signIn(visit, form, problem: error)
    }
  }

  private static func with(_ visit: Visit, _ response: Response) -> Response {
    var response = response
    response.headers["Set-Cookie"] = "\(cookieName)=\(visit.id); Path=/; HttpOnly; SameSite=Strict"
    return response
  }

  private static func cookie(of call: Call) -> String? {
    let pairs = (call.header("Cookie") ?? "").split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }
    return pairs.first { $0.hasPrefix(cookieName + "=") }.map { String($0.dropFirst(cookieName.count + 1)) }
  }
}
