// kaizala-sandbox: Kaizala's portal and token endpoint on loopback, for demos and tests. Kaizala itself was retired on
// 2023-08-31. Everything lives in memory and ends with the process; nothing here guards a real secret.
//
//   /       the portal: sign in, confirm a phone number, add a connector, generate its user token. The PIN that Kaizala
//           sent by SMS is written to standard error:  kaizala-sandbox: PIN for +15550100: 123456
//   /v1/    the REST endpoint as the Kaizala documents have it; RESTEndpoint.swift says what is documented and what is our reading.
//   /sandbox/  our own, so that scripts need no HTML. POST, JSON in and out; a refusal is {"error": "…"} with a 4xx status.
//
//     POST /sandbox/signin               {"email", "role": "developer" | "admin", "organisation"}  →  {"session"}
//     POST /sandbox/phone                {"session", "mobileNumber"}  →  {}                        the PIN goes to standard error
//     POST /sandbox/pin                  {"session", "pin": 123456 | "123456"}  →  {}
//     POST /sandbox/connectors           {"session", "name", "details", "permissions": ["groupinfo.read", …]}  →  {"id", "secret"}
//     POST /sandbox/connectors/ID/token  {"session"}  →  {"refreshToken", "refreshTokenExpiry"}    epoch milliseconds
//
//     POST /sandbox/clock                {"days"}  →  {}    every token is so much older: late rotation, then the end
//     POST /sandbox/fault                {"fault", "count", "seconds", "location", "acts"}  →  {}   Fault.swift; of /v1/accessToken
//     POST /sandbox/report               {}  →  {"requests", "exchanges", "renewals", "in_flight_most", "live": [refresh tokens]}
//
//   /oauth/REALM/  an OAuth 2.0 provider for each realm that a script makes: token (refresh_token, authorization_code with PKCE,
//           device_code), authorize, device, verify, revoke, introspect, .well-known/openid-configuration; and
//           /.well-known/oauth-authorization-server/oauth/REALM.
//
//     POST /sandbox/oauth                the realm's rules (RealmRules.swift), all optional  →  {"realm", "client_id", "client_secret",
//                                        "issuer", "token_endpoint", and the other endpoints}
//     POST /sandbox/oauth/REALM/grant    {"scope"}  →  {"refresh_token"}       as an admin would get it by consenting
//     POST /sandbox/oauth/REALM/clock    {"seconds"}  →  {}
//     POST /sandbox/oauth/REALM/fault    {"fault", "count", "seconds", "location", "acts"}  →  {}   Fault.swift; of the token endpoint
//     POST /sandbox/oauth/REALM/device   {"user_code", "decision": "allow" | "deny"}  →  {}
//     POST /sandbox/oauth/REALM/report   {}  →  {"requests", "refreshes", "reuses", "family_kills", "revocations", "in_flight_most",
//                                        "live": [refresh tokens that would be accepted now]}
//
// docs/SANDBOX.md describes these calls for authors of scripts.
//
// The permissions are those of Permission.swift. People of one organisation see the same connectors.
import Foundation

@main enum Sandbox {
  static func main() {
    do throws(UsageError) {
      let options = try Options(CommandLine.arguments.dropFirst())
      if options.wantsHelp { return SandboxConsole.write(Options.help, to: .standardOutput) }
      run(options)
    } catch {
      SandboxConsole.fail(error.message, hint: error.hint, status: 2)
    }
  }

  private static func run(_ options: Options) -> Never {
    // All state is in memory and nothing is buffered, so leaving at once loses nothing.
    var ends = sigset_t()
    for number in [SIGTERM, SIGINT] {
      signal(number) { _ in _exit(0) }
      sigaddset(&ends, number)
    }
    // A parent's thread may have blocked them, as those of Swift's tasks have, and a child inherits that.
    pthread_sigmask(SIG_UNBLOCK, &ends, nil)
    // A script that read the first line and closed the pipe has not asked for the end.
    signal(SIGPIPE, SIG_IGN)
    let server: Server
    do throws(Loopback.Failed) { server = try Server(port: options.port) } catch {
      SandboxConsole.fail(
        "cannot serve on 127.0.0.1:\(options.port): \(String(cString: strerror(error.code)))",
        hint: "--port 0 takes any free port", status: 1)
    }
    announce(server, portFile: options.portFile)
    server.run(Router(kaizala: Kaizala(clock: Clock(daysBack: options.daysBack), base: server.base)))
  }

  private static func announce(_ server: Server, portFile: String?) {
    if let portFile {
      // Foundation writes a temporary file beside it and renames that, so nobody reads half a number.
      do { try Data("\(server.port)\n".utf8).write(to: URL(fileURLWithPath: portFile), options: .atomic) } catch {
        SandboxConsole.fail(
          "cannot write the port to \"\(portFile)\"", hint: "--port-file PATH in a folder that exists", status: 1)
      }
    }
    SandboxConsole.write("kaizala-sandbox: \(server.base)\n", to: .standardOutput)
  }
}
