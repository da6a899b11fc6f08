import Foundation

/// The lower half of a connector's page: generate, deactivate, delete.
extension Page {
  static func generating(_ desk: Desk, _ connector: Connector) -> HTML {
    let reach = desk.person.role == .admin ? "every group of \(desk.person.organisation)" : "the groups you are in"
    let action: HTML =
      !connector.isActive
      ? "<p class=\"note\">The connector is deactivated: it gets no new tokens. Those it has go on working.</p>"
      : desk.phone == nil
        ? "<p class=\"note\">First <a href=\"/phone\">confirm a phone number</a>.</p>"
        : form("/connectors/\(connector.id)/token", desk.visit, "<button>Generate user token</button>")
    return """
      <section><h2>User token</h2>
      <p>A refresh token that reaches \(reach), for 365 days. The connector's older token stops working.</p>
      \(action)</section>
      """
  }

  static func ending(_ desk: Desk, _ connector: Connector) -> HTML {
    guard desk.person.role == .admin || desk.person.email == connector.owner.email else { return "" }
    let deactivate: HTML =
      connector.isActive
      ? """
      <p>Deactivating stops new tokens only. The token that is out there goes on working.</p>
      \(form("/connectors/\(connector.id)/deactivate", desk.visit, "<button class=\"quiet\">Deactivate</button>"))
      """ : ""
    return """
      <section><h2>End it</h2>
      \(deactivate)
      \(form("/connectors/\(connector.id)/delete", desk.visit, """
        <label class="option"><input type="checkbox" name="sure" value="yes" required>
        <span>All tokens of this connector may stop working, at once and for good</span></label>
        <p><button class="danger">Delete connector</button></p>
        """))
      </section>
      """
  }

  static func date(_ seconds: Int64) -> String {
    Date(timeIntervalSince1970: TimeInterval(seconds)).formatted(.iso8601.year().month().day())
  }
}
