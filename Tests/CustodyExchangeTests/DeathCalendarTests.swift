import Custody
import CustodyExchange
import CustodyValues
import CustodyTesting
import Foundation
import Testing

/// Ends of tokens, with a clock that the test sets.
struct DeathCalendarTests {
  static let story = Result {
    try LifeStory(["kaizala", "entra", "google", "atlassian", "intuit", "github-app", "oauth2", "zoho"])
  }
  let story: LifeStory
  let start = LifeStory.start

  init() throws { story = try Self.story.get() }

  private func ends(_ life: TokenLife, now: Timestamp = LifeStory.start) -> [String] {
    story.deadlines(life, now: now).map {
      "\($0.end.rawValue) \($0.from.map { $0.text.prefix(10) + " to " } ?? "")\($0.when.text.prefix(10)) \($0.move.rawValue)"
    }
  }

  // The story's clock stands at 2026-11-18.
  @Test func `a token that nobody uses dies of idleness, and each exchange puts that off`() throws {
    #expect(try ends(story.life("entra")) == ["idle 2027-02-16 holder"])
    #expect(try ends(story.life("entra", used: start.plus(days: 40))) == ["idle 2027-03-28 holder"])
    #expect(try ends(story.life("google")) == ["idle 2027-05-17 holder"])
  }

  @Test func `a family has its own end, which an exchange does not move and a new grant does`() throws {
    let used = start.plus(days: 300)
    #expect(
      try ends(story.life("atlassian", made: used, used: used)) == [
        "family 2027-11-18 admin", "idle 2027-12-13 holder",
      ])
    #expect(try ends(story.life("atlassian", given: used)) == ["idle 2027-12-13 holder", "family 2028-09-13 admin"])
    #expect(try ends(story.life("intuit")).last == "family 2031-11-17 admin")
  }

  @Test func `what rotates on each use is kept alive by use`() throws {
    let made = start.plus(days: 100)
    #expect(try ends(story.life("github-app", made: made, used: made)) == ["age 2027-08-27 holder"])
  }

  @Test func `Kaizala's window opens on day 328 and shuts on day 365`() throws {
    #expect(try ends(story.life("kaizala")) == ["window 2027-10-12 to 2027-11-18 holder"])
    let life = try story.life("kaizala")
    let deadline = try #require(story.deadlines(life).first)
    #expect(deadline.step == .keepAlive(token: "contoso/c-kaizala"))
    #expect(deadline.who == ["ada", "dev"])
    let month = TimeSpan(seconds: 30 * 86_400)
    #expect(deadline.state(at: start.plus(days: 297), within: month) == .later)
    #expect(deadline.state(at: start.plus(days: 298), within: month) == .due)
    #expect(deadline.state(at: start.plus(days: 364), within: month) == .due)
    #expect(deadline.state(at: start.plus(days: 365), within: month) == .dead)
    // An exchange before the window brings no new token and changes nothing.
    #expect(try ends(story.life("kaizala", used: start.plus(days: 300))) == ["window 2027-10-12 to 2027-11-18 holder"])
    let renewed = start.plus(days: 330)
    #expect(
      try ends(story.life("kaizala", made: renewed, used: renewed)) == ["window 2028-09-06 to 2028-10-13 holder"])
  }

  @Test func `what the token says of its end counts more than what is documented`() throws {
    let story = try LifeStory(["kaizala", "oauth2"], expires: start.plus(days: 100))
    #expect(story.deadlines(try story.life("kaizala")).map(\.when) == [start.plus(days: 100)])
    #expect(story.deadlines(try story.life("kaizala")).map(\.from) == [start.plus(days: 63)])
    let own = try #require(story.deadlines(try story.life("oauth2")).first)
    #expect((own.when, own.move) == (start.plus(days: 100), .admin))
    // After an exchange brought another token, this end belongs to one that is gone.
    let renewed = start.plus(days: 70)
    let after = story.deadlines(try story.life("kaizala", made: renewed, used: renewed))
    #expect(after.map(\.when) == [renewed.plus(days: 365)])
    #expect(story.deadlines(try story.life("oauth2", made: renewed, used: renewed)).isEmpty)
  }

  @Test func `a provider that says nothing of lifetimes leaves the end unknown`() throws {
    let calendar = DeathCalendar([try story.life("zoho"), try story.life("oauth2")], [], story.members, now: start)
    #expect(calendar.deadlines.isEmpty)
    #expect(calendar.unknown == ["contoso/c-oauth2", "contoso/c-zoho"])
  }

  @Test func `what the provider took later did not end when the papers say`() throws {
    #expect(try ends(story.life("kaizala", used: start.plus(days: 366))).isEmpty)
  }

  @Test func `keepalive takes what an exchange helps, once a token, and only when it is time`() throws {
    let week = TimeSpan(seconds: 7 * 86_400)
    func taken(_ day: Int64) throws -> [String] {
      let lives = try ["kaizala", "entra", "atlassian", "intuit"].map { try story.life($0) }
      let now = start.plus(days: day)
      return DeathCalendar(lives, [], story.members, now: now).toExchange(at: now, within: week).map {
        "\($0.name.dropFirst(10)) \($0.end.rawValue)"
      }
    }
    #expect(try taken(82) == [])
    #expect(try taken(83) == ["atlassian idle", "entra idle"])
    #expect(try taken(93) == ["atlassian idle", "entra idle", "intuit idle"])
    #expect(try taken(327).contains("kaizala window") == false)
    #expect(try taken(328).contains("kaizala window"))
  }

  /// Compares with Foundation's calendar: leap years, ends of years and of centuries; UTC has no summer time.
  @Test func `days are counted as the calendar does`() throws {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    var cases = 0
    for year in [1999, 2000, 2023, 2024, 2026, 2027, 2028, 2099, 2100, 2399, 2400] {
      for day in stride(from: 0, to: 366, by: 1) {
        let given = try Timestamp.on("\(year)-01-01").plus(days: Int64(day)).adding(milliseconds: Int64(day) * 231_123)
        let deadline = try #require(story.deadlines(try story.life("kaizala", given: given)).first)
        let began = Date(timeIntervalSince1970: Double(given.milliseconds) / 1000)
        let opens = calendar.date(byAdding: .day, value: 328, to: began)
        let ends = calendar.date(byAdding: .day, value: 365, to: began)
        #expect(deadline.opens.milliseconds == opens.map { Int64(($0.timeIntervalSince1970 * 1000).rounded()) })
        #expect(deadline.when.milliseconds == ends.map { Int64(($0.timeIntervalSince1970 * 1000).rounded()) })
        cases += 1
      }
    }
    #expect(cases == 11 * 366)
  }

  @Test func `whatever the times, deadlines are in order, none is before its token, and states only go forward`() throws
  {
    var chance = SystemRandomNumberGenerator()
    for _ in 0..<500 {
      let given = Timestamp(milliseconds: .random(in: 0...4_000_000_000_000, using: &chance))
      let made = given.adding(milliseconds: .random(in: 0...40_000_000_000, using: &chance))
      let used = Bool.random(using: &chance) ? made.adding(milliseconds: .random(in: 0...9_000_000_000)) : nil
      let lives = try ["kaizala", "entra", "atlassian", "intuit", "github-app", "google"].map {
        try story.life($0, given: given, made: made, used: used)
      }
      let deadlines = DeathCalendar(lives, [], story.members, now: start).deadlines
      #expect(deadlines.map(\.opens) == deadlines.map(\.opens).sorted())
      for deadline in deadlines {
        #expect(deadline.opens <= deadline.when && deadline.when > given)
        #expect(used.map { $0 < deadline.when } ?? true)
        let span = TimeSpan(seconds: .random(in: 0...60 * 86_400))
        let states = stride(from: Int64(0), through: 1000, by: 20).map {
          deadline.state(at: given.plus(days: $0 * 3), within: span)
        }
        let order: [Deadline.State] = [.later, .due, .dead]
        let places = states.compactMap { order.firstIndex(of: $0) }
        #expect(places == places.sorted())
      }
    }
  }

  @Test func `times at the end of all times stay within them`() throws {
    let last = Timestamp(milliseconds: .max)
    #expect(story.deadlines(try story.life("kaizala", given: last)).map(\.when) == [last])
  }
}
