/// Permissions of a connector: the portal's headings with the scope strings of the swagger example. No public source
/// names the strings of Tenant Data and Reactions, so those two are made up.
enum Permission {
  static let groups: [(title: String, scopes: [String])] = [
    ("Group Information", ["groupinfo.read", "groupinfo.write", "groupinfo.remove", "groupinfo.update"]),
    ("Group Member List", ["groupmember.read", "groupmember.write", "groupmember.remove"]),
    ("Text Message", ["textmessage.read"]),
    ("Action & Responses", ["action.read", "action.write", "action.update"]),
    ("User Profile (self)", ["profile.write"]),
    ("Media", ["media.read"]),
    ("Outgoing Webhooks", ["webhook.read", "webhook.write", "webhook.remove", "webhook.update"]),
    ("Tenant Data (users, org groups)", ["tenantdata.read"]),
    ("Reactions", ["reaction.read"]),
  ]

  static let all = groups.flatMap(\.scopes)
}
