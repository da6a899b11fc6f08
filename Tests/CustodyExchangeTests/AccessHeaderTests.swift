@testable import CustodyExchange
import CustodyValues
import CustodyTesting
import Testing

/// The configuration line by which curl gets an access token.
struct AccessHeaderTests {
  private func line(_ header: AccessHeader, _ token: String) throws -> String? {
    guard let line = try header.curlConfig(secret(token)) else { return nil }
    return text(line)
  }

  @Test func `a token stands in the header that its provider's API takes`() throws {
    #expect(try line(.bearer, "abc") == "header = \"Authorization: Bearer abc\"\n")
    let kaizala = try #require(Preset.named("kaizala")).accessHeader
    #expect(try line(kaizala, "abc") == "header = \"accessToken: abc\"\n")
    #expect(try #require(Preset.named("entra")).accessHeader == .bearer)
    #expect(try line(#require(AccessHeader("X: a{token}b")), "t") == "header = \"X: atb\"\n")
  }

  @Test func `what curl's quotes take apart is escaped`() throws {
    #expect(try line(.bearer, "a\"b\\c") == #"header = "Authorization: Bearer a\"b\\c""# + "\n")
    #expect(try line(#require(AccessHeader(#"X: "{token}""#)), "t") == #"header = "X: \"t\"""# + "\n")
  }

  @Test(arguments: ["", "a b", "a\nb", "a\rb", "a\0b", "ä", "a\u{7f}"])
  func `a token that would be more than one header value is not written`(token: String) throws {
    #expect(try line(.bearer, token) == nil)
  }

  @Test(arguments: [
    "{token}", "Authorization {token}", "Authorization: Bearer", ": {token}", "A b: {token}", "X: {token} {token}",
    "X: a\r\nY: {token}", "X:{token}", "Ä: {token}", "X: ä{token}",
  ])
  func `a preset's header that is none, or has no place for the token, is refused`(text: String) throws {
    #expect(AccessHeader(text) == nil)
  }
}
