import Testing

/// The rotation rules for a refresh token that was used.
@Suite(.timeLimit(.minutes(20))) struct RotationTests {
  @Test func `a realm without rules rotates strictly`() throws {
    let realm = try Provider()
    let first = try realm.grant()
    let reply = try realm.refresh(first)
    #expect(reply.status == 200)
    #expect(reply.headers["cache-control"] == "no-store")
    #expect(try reply.string("token_type") == "Bearer")
    #expect(try reply.number("expires_in") == 3600)
    let second = try reply.string("refresh_token")
    #expect(second != first)
    #expect(try realm.live() == [second])
    #expect(try realm.refresh(second).status == 200)
    #expect(try realm.count("refreshes") == 2)
    #expect(try realm.count("reuses") == 0)
  }

  @Test func `the reuse of a dead token kills its family and no other`() throws {
    let realm = try Provider()
    let (first, other) = (try realm.grant(), try realm.grant())
    let second = try realm.refresh(first).string("refresh_token")
    let refused = try realm.refresh(first)
    #expect(refused.status == 400)
    #expect(try refused.string("error") == "invalid_grant")
    #expect(try realm.refresh(second).string("error") == "invalid_grant")
    #expect(try realm.live() == [other])
    _ = try realm.refresh(first)
    #expect(try realm.count("reuses") == 2)
    #expect(try realm.count("family_kills") == 1, "a family dies once")
  }

  @Test func `where reuse kills nothing the newer token lives on`() throws {
    let realm = try Provider(["reuse_kills_family": false])
    let first = try realm.grant()
    let second = try realm.refresh(first).string("refresh_token")
    #expect(try realm.refresh(first).string("error") == "invalid_grant")
    #expect(try realm.refresh(second).status == 200)
    #expect(try realm.count("reuses") == 1)
    #expect(try realm.count("family_kills") == 0)
  }

  @Test func `in its time of grace an old token brings another new one, and after it kills the family`() throws {
    let realm = try Provider(["old_token": "grace", "grace_seconds": 600])
    let first = try realm.grant()
    let second = try realm.refresh(first).string("refresh_token")
    try realm.pass(seconds: 500)
    let third = try realm.refresh(first).string("refresh_token")
    #expect(third != second)
    #expect(try realm.live() == [first, second, third])
    try realm.pass(seconds: 110)
    #expect(try realm.live() == [second, third], "a retry does not prolong the grace")
    #expect(try realm.refresh(first).string("error") == "invalid_grant")
    #expect(try realm.live() == [])
    #expect(try realm.count("family_kills") == 1)
  }

  @Test func `where the old token stays valid both work`() throws {
    let realm = try Provider(["old_token": "valid"])
    let first = try realm.grant()
    let second = try realm.refresh(first).string("refresh_token")
    #expect(try realm.refresh(first).status == 200)
    #expect(try realm.refresh(second).status == 200)
    #expect(try realm.count("reuses") == 0)
  }

  @Test func `never is never`() throws {
    let realm = try Provider(["rotation": "never"])
    let token = try realm.grant()
    for _ in 0..<3 { #expect(try realm.refresh(token).json()["refresh_token"] == nil) }
    #expect(try realm.live() == [token])
  }

  @Test func `late rotation begins at its age, and anew with each token`() throws {
    let realm = try Provider(["rotation": "late", "late_seconds": 1000, "old_token": "valid"])
    let first = try realm.grant()
    try realm.pass(seconds: 900)
    #expect(try realm.refresh(first).json()["refresh_token"] == nil)
    try realm.pass(seconds: 100)
    let second = try realm.refresh(first).string("refresh_token")
    #expect(try realm.refresh(second).json()["refresh_token"] == nil)
    #expect(try realm.refresh(first).json()["refresh_token"] != nil)
  }

  @Test func `optional rotation brings a new token every other time`() throws {
    let realm = try Provider(["rotation": "optional"])
    let first = try realm.grant()
    #expect(try realm.refresh(first).json()["refresh_token"] == nil)
    let second = try realm.refresh(first).string("refresh_token")
    #expect(try realm.live() == [second])
    #expect(try realm.refresh(second).json()["refresh_token"] == nil)
  }

  @Test func `a token ends by its age, however often it is used`() throws {
    let realm = try Provider(["rotation": "never", "refresh_seconds": 1000])
    let token = try realm.grant()
    try realm.pass(seconds: 600)
    #expect(try realm.refresh(token).status == 200)
    try realm.pass(seconds: 400)
    let refused = try realm.refresh(token)
    #expect(try refused.string("error") == "invalid_grant")
    #expect(try realm.count("reuses") == 0, "old age is no theft")
  }

  @Test func `a token ends by idleness, and its use prevents that`() throws {
    let realm = try Provider(["rotation": "never", "idle_seconds": 1000])
    let token = try realm.grant()
    for _ in 0..<3 {
      try realm.pass(seconds: 900)
      #expect(try realm.refresh(token).status == 200)
    }
    try realm.pass(seconds: 1000)
    #expect(try realm.live() == [])
    #expect(try realm.refresh(token).string("error") == "invalid_grant")
  }

  @Test func `a family ends at its time, however young its token`() throws {
    let realm = try Provider(["family_seconds": 1000, "refresh_seconds": 900])
    let first = try realm.grant()
    try realm.pass(seconds: 800)
    let second = try realm.refresh(first).string("refresh_token")
    #expect(try realm.live() == [second])
    try realm.pass(seconds: 200)
    #expect(try realm.refresh(second).string("error") == "invalid_grant")
  }

  @Test func `the clock is the realm's own and goes forward only`() throws {
    let sandbox = try RunningSandbox()
    let (one, other) = (
      try Provider(["refresh_seconds": 100], in: sandbox), try Provider(["refresh_seconds": 100], in: sandbox)
    )
    let token = try other.grant()
    try one.pass(seconds: 1000)
    #expect(try other.live() == [token])
    #expect(try other.script("clock", ["seconds": -1]).status == 400)
  }
}
