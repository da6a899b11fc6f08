/// Counts of the calls for an access token, for test scripts.
struct KaizalaReport: Encodable, Sendable {
  var requests = 0, exchanges = 0, renewals = 0, inFlightMost = 0
  var live: [String] = []

  enum CodingKeys: String, CodingKey {
    case requests, exchanges, renewals, live
    case inFlightMost = "in_flight_most"
  }
}
