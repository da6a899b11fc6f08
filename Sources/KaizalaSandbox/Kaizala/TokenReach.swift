/// How far a token goes: every group of the organisation, or every group that its user is in.
enum TokenReach: String, Codable, Sendable { case tenant, user }
