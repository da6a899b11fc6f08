import Custody
import CustodyEvidence
import CustodyExchange
import CustodyLog
import CustodyValues
import CustodyTesting
import Foundation

/// A story with one token of a provider, whose times the test sets.
struct LifeStory {
  static let start = Timestamp(milliseconds: 1_795_000_000_000)

  let vault: TemporaryVault
  let members: [Member]
  private let lives: [String: TokenLife]

  init(_ providers: [String], expires: Timestamp? = nil) throws {
    vault = try TemporaryVault()
    let dev = try vault.session(.dev)
    let ada = try vault.session(.ada)
    for provider in providers {
      var connector = ConnectorDetails(name: "c-\(provider)", provider: provider, connectorID: "client-1")
      if provider == "oauth2" { connector.endpoint = "https://idp.test/token" }
      let registered = connector
      try dev.commit { try $0.register(registered, secret: secret("client-secret")) }
      let token = TokenDetails(tenant: "contoso", connector: connector.name, provider: provider, reach: .tenant)
      try ada.commit {
        try $0.store(token, secret: secret("refresh-1"), sharing: [Share(with: "dev")], expires: expires)
      }
    }
    members = try ada.members()
    lives = try Dictionary(uniqueKeysWithValues: ada.tokenLives().map { ($0.listing.details.provider, $0) })
  }

  /// The token's life as if it had been given, made and used at these times.
  func life(
    _ provider: String, given: Timestamp = start, made: Timestamp? = nil, used: Timestamp? = nil
  ) throws -> TokenLife {
    guard let life = lives[provider] else { throw VaultError(.notFound, "no token of \(provider) in this story") }
    return TokenLife(
      life.listing, connector: life.connector, given: given, made: made ?? given, used: used, last: nil)
  }

  func deadlines(_ life: TokenLife, now: Timestamp = start) -> [Deadline] {
    DeathCalendar([life], [], members, now: now).deadlines
  }
}

extension Timestamp {
  static func on(_ date: String) throws -> Timestamp { try Timestamp(typed: date, date: .start) }

  func plus(days: Int64) -> Timestamp { adding(milliseconds: days * 86_400_000) }

  /// The date by Foundation's calendar instead of ours.
  var calendarDay: DateComponents {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = TimeZone(secondsFromGMT: 0) ?? .gmt
    return calendar.dateComponents(
      [.year, .month, .day, .hour, .minute, .second], from: Date(timeIntervalSince1970: Double(milliseconds) / 1000))
  }
}
