/// Counts of a realm's requests and events, for test scripts.
struct RealmReport: Encodable, Sendable {
  var requests = 0, refreshes = 0, reuses = 0, familyKills = 0, revocations = 0, inFlightMost = 0
  var live: [String] = []

  enum CodingKeys: String, CodingKey {
    case requests, refreshes, reuses, revocations, live
    case familyKills = "family_kills"
    case inFlightMost = "in_flight_most"
  }
}
