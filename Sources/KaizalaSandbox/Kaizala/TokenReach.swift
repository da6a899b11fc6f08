/// A token's reach: every group of the organisation, or the groups that its user is in.
enum TokenReach: String, Codable, Sendable { case tenant, user }
