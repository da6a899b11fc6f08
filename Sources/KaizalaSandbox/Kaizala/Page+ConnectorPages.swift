extension Page {
  static func connectors(_ desk: Desk, _ connectors: [Connector]) -> Response {
    let rows: [HTML] = connectors.map { connector in
      """
      <li><a href="/connectors/\(connector.id)"><strong>\(connector.name)</strong>\(badge(connector))
      <small>\(connector.id)<br>added by \(connector.owner.email)</small></a></li>
      """
    }
    let list: HTML =
      rows.isEmpty
      ? "<p>\(desk.person.organisation) has no connectors yet.</p>" : "<ul class=\"cards\">\(rows)</ul>"
    let nudge: HTML =
      desk.phone == nil
      ? "<p class=\"note\">Before you add a connector: <a href=\"/phone\">confirm a phone number</a>.</p>" : ""
    return make(
      "Connectors", desk: desk, "\(nudge)\(list)<p><a class=\"button\" href=\"/connectors/new\">Add connector</a></p>")
  }

  static func newConnector(_ desk: Desk, _ typed: Form?, problem refusal: PortalRefusal?) -> Response {
    let chosen = Set(typed?.all("permission") ?? [])
    let groups: [HTML] = Permission.groups.map { group in
      let boxes: [HTML] = group.scopes.map { scope in
        """
        <label class="option"><input type="checkbox" name="permission" value="\(scope)" \(chosen.contains(scope) ? "checked" : "")>
        <span><code>\(scope)</code></span></label>
        """
      }
      return "<fieldset><legend>\(group.title)</legend>\(boxes)</fieldset>"
    }
    let content: HTML = """
      \(problem(refusal))
      \(form("/connectors", desk.visit, """
        \(Field(name: "name", label: "Name", value: typed?["name"] ?? "").html)
        <p class="field"><label for="details">Details</label>
        <textarea id="details" name="details" rows="3" maxlength="500">\(typed?["details"] ?? "")</textarea></p>
        <h2>Permissions</h2>
        <div class="groups">\(groups)</div>
        <p><button>Add connector</button> <a class="cancel" href="/connectors">Cancel</a></p>
        """))
      """
    return make("Add connector", desk: desk, status: refusal?.status ?? 200, content)
  }

  static func added(_ desk: Desk, _ connector: Connector) -> Response {
    let content: HTML = """
      <p class="done">\(connector.name) is there. Note its ID and secret; this portal shows them again.</p>
      \(keys(connector))
      <p><a class="button" href="/connectors/\(connector.id)">Open the connector</a></p>
      """
    return make("Connector added", desk: desk, content)
  }

  static func connector(_ desk: Desk, _ connector: Connector) -> Response {
    let permissions: [HTML] = connector.permissions.map { "<li><code>\($0)</code></li>" }
    let content: HTML = """
      <p>\(connector.details) \(badge(connector))</p>
      \(keys(connector))
      <ul class="chips" aria-label="Permissions">\(permissions)</ul>
      <p class="muted">Added by \(connector.owner.email)</p>
      \(generating(desk, connector))
      \(ending(desk, connector))
      """
    return make(connector.name, desk: desk, content)
  }

  static func token(_ desk: Desk, _ connector: Connector, _ issued: IssuedToken) -> Response {
    let reach: HTML =
      issued.token.reach == .tenant
      ? "<strong>tenant-level</strong>: it reaches all groups of \(issued.token.organisation)"
      : "<strong>user-level</strong>: it reaches the groups that \(desk.person.email) is in"
    let content: HTML = """
      <p class="done">A token for <strong>\(connector.name)</strong>, \(reach). It works until \(date(issued.token.expires)).</p>
      <h2 id="token">Refresh token</h2>
      <p class="value" tabindex="0" aria-labelledby="token"><code>\(issued.text)</code></p>
      <p class="note">It is shown this once, and an older token of this connector has stopped working. Kaizala's documents went on:
      “Admin needs to manually share the refresh token” with the developer.</p>
      <p><a class="button" href="/connectors/\(connector.id)">Back to the connector</a></p>
      """
    return make("User token", desk: desk, content)
  }

  private static func keys(_ connector: Connector) -> HTML {
    """
    <dl><dt>ID</dt><dd><code>\(connector.id)</code></dd><dt>Secret</dt><dd><code>\(connector.secret)</code></dd></dl>
    """
  }

  private static func badge(_ connector: Connector) -> HTML {
    connector.isActive ? "" : " <span class=\"badge\">deactivated</span>"
  }
}
