struct Options {
  private(set) var port: UInt16 = 0
  private(set) var portFile: String?
  private(set) var daysBack = 0
  private(set) var wantsHelp = false

  static let help = """
    usage: kaizala-sandbox [--port N] [--port-file PATH] [--clock-offset-days N]

    Kaizala's portal and token endpoint, and OAuth 2.0 providers of every manner, on 127.0.0.1, for demos and tests.
    State is in memory only, and nothing here guards a real secret.

      --port N               the port; 0, the default, takes any free one
      --port-file PATH       write the port to this file once it listens
      --clock-offset-days N  date the refresh tokens that people generate N days back, so that the REST endpoint sees
                             them on day N of their 365; from day 328 on it hands out new ones
      --help                 this text

    For people, at http://127.0.0.1:PORT/: the portal. For scripts, POST with JSON (docs/SANDBOX.md has the fields):

      /sandbox/signin, phone, pin, connectors, connectors/ID/token
                             what a person clicks on the portal
      /sandbox/clock         {"days": 330}: every token of Kaizala's is so much older
      /sandbox/fault         {"fault": "lost-reply"}: the next call for an access token goes wrong
      /sandbox/report        what came to pass
      /sandbox/oauth         {"rotation": "always", "old_token": "grace"}: a new OAuth provider; answers with its endpoints
                             and a client of it
      /sandbox/oauth/REALM/grant, clock, fault, device, report
                             a refresh token as an admin would get it; time that passes; faults; a person's yes; the count

    For example, a provider whose next reply gets lost after it has rotated the token:

      curl -d '{"rotation": "always"}' http://127.0.0.1:PORT/sandbox/oauth
      curl -d '{}' http://127.0.0.1:PORT/sandbox/oauth/r1/grant
      curl -d '{"fault": "lost-reply"}' http://127.0.0.1:PORT/sandbox/oauth/r1/fault

    """

  init(_ words: some Sequence<String>) throws(UsageError) {
    var rest = words.makeIterator()
    while let word = rest.next() {
      switch word {
      case "--help", "-h": wantsHelp = true
      case "--port": port = try Self.number(rest.next(), of: word, most: UInt16.max)
      case "--clock-offset-days": daysBack = try Self.number(rest.next(), of: word, most: 10_000)
      case "--port-file":
        guard let path = rest.next(), !path.isEmpty else {
          throw UsageError(message: "--port-file needs a path", hint: "kaizala-sandbox --help")
        }
        portFile = path
      default: throw UsageError(message: "unknown argument \"\(word)\"", hint: "kaizala-sandbox --help")
      }
    }
  }

  private static func number<N: FixedWidthInteger>(_ text: String?, of option: String, most: N) throws(UsageError) -> N
  {
    guard let text, let number = N(text), (0...most).contains(number) else {
      throw UsageError(message: "\(option) needs a number from 0 to \(most)", hint: "kaizala-sandbox --help")
    }
    return number
  }
}
