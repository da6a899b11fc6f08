import Foundation
import Testing

@Suite(.timeLimit(.minutes(20))) struct StartTests {
  @Test(arguments: [SIGTERM, SIGINT]) func `it says where it listens and ends cleanly when told to`(signal: Int32)
    throws
  {
    let sandbox = try RunningSandbox("--port", "0")
    let deadline = Date() + 100
    while sandbox.output.isEmpty, Date() < deadline { usleep(10_000) }
    #expect(sandbox.output == "kaizala-sandbox: http://127.0.0.1:\(sandbox.port)/\n")
    #expect(sandbox.stop(signal) == 0)
    #expect(throws: RunningSandbox.Failed.self) { try sandbox.send(Ask(path: "/signin")) }
  }

  @Test(arguments: [
    (["--nope"], "unknown argument \"--nope\""), (["extra"], "unknown argument \"extra\""),
    (["--port", "65536"], "--port needs a number from 0 to 65535"),
    (["--port"], "--port needs a number from 0 to 65535"),
    (["--port-file"], "--port-file needs a path"),
    (["--clock-offset-days", "-1"], "--clock-offset-days needs a number from 0 to 10000"),
  ]) func `a wrong command line is told in two lines, with status 2`(words: [String], why: String) throws {
    let (status, output, errors) =
      try words.count == 2 ? RunningSandbox.run(words[0], words[1]) : RunningSandbox.run(words[0])
    #expect(status == 2)
    #expect(output == "")
    #expect(errors == "kaizala-sandbox: \(why)\nhint: kaizala-sandbox --help\n")
  }

  @Test func `help goes to standard output`() throws {
    let (status, output, errors) = try RunningSandbox.run("--help")
    #expect(status == 0)
    #expect(output.hasPrefix("usage: kaizala-sandbox "))
    #expect(errors == "")
  }

  @Test func `a port that is taken is told, with status 1`() throws {
    let sandbox = try RunningSandbox()
    let (status, output, errors) = try RunningSandbox.run("--port", String(sandbox.port))
    #expect(status == 1)
    #expect(output == "")
    #expect(errors.hasPrefix("kaizala-sandbox: cannot serve on 127.0.0.1:\(sandbox.port): "))
    #expect(errors.hasSuffix("\nhint: --port 0 takes any free port\n"))
  }

  @Test func `a port file that cannot be written is told, with status 1`() throws {
    let (status, _, errors) = try RunningSandbox.run("--port-file", "/nonexistent/port")
    #expect(status == 1)
    #expect(errors.hasPrefix("kaizala-sandbox: cannot write the port to \"/nonexistent/port\"\nhint: "))
  }
}
