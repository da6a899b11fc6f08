extension Page {
  static func signIn(_ visit: Visit, _ typed: Form, problem refusal: PortalRefusal?) -> Response {
    let organisation = Field(
      name: "organisation", label: "Organisation", value: typed["organisation"],
      hint: "People of one organisation see the same connectors.")
    let content: HTML = """
      \(problem(refusal))
      <p>Any work e-mail will do, and no password: nothing here is real.</p>
      \(form("/signin", visit, """
        \(Field(name: "email", label: "Work e-mail", kind: .email, value: typed["email"]).html)
        \(organisation.html)
        <fieldset><legend>Role</legend>
        \(choice(.developer, "Developer", "adds connectors; a token they generate reaches the groups they are in", typed))
        \(choice(.admin, "Tenant admin", "a token they generate reaches every group of the organisation", typed))
        </fieldset>
        <p><button>Sign in</button></p>
        """))
      """
    return make("Sign in", status: refusal?.status ?? 200, content)
  }

  private static func choice(_ role: PortalRole, _ title: String, _ meaning: String, _ typed: Form) -> HTML {
    let isChosen = typed["role"] == role.rawValue || (typed["role"].isEmpty && role == .developer)
    return """
      <label class="option"><input type="radio" name="role" value="\(role.rawValue)" \(isChosen ? "checked" : "")>
      <span>\(title)<small>\(meaning)</small></span></label>
      """
  }

  static func phone(_ desk: Desk, waiting: String?, problem refusal: PortalRefusal?) -> Response {
    let state: HTML = desk.phone.map { "<p class=\"done\">Confirmed: <strong>\($0)</strong></p>" } ?? ""
    let confirm: HTML =
      waiting.map { number in
        """
        <section><h2>Confirm \(number)</h2>
        <p>The sandbox sends no SMS. The PIN is in its console, on standard error.</p>
        \(form("/phone/pin", desk.visit, """
          \(Field(name: "pin", label: "PIN", kind: .pin, hint: "Six digits.").html)
          <p><button>Confirm</button></p>
          """))
        </section>
        """
      } ?? ""
    let content: HTML = """
      \(problem(refusal))
      \(state)
      \(confirm)
      <section><h2>\(desk.phone == nil && waiting == nil ? "Add a phone number" : "Use another number")</h2>
      \(form("/phone", desk.visit, """
        \(Field(name: "mobileNumber", label: "Mobile number", kind: .phone, hint: "With the country code, as in +15550100.").html)
        <p><button class="\(waiting == nil ? "" : "quiet")">Send PIN</button></p>
        """))
      </section>
      """
    return make("Phone number", desk: desk, status: refusal?.status ?? 200, content)
  }
}
