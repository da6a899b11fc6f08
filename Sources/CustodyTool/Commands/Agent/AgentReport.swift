import Custody
import CustodyAgent
import CustodyValues

/// The agent's state and the keys it holds, as far as it answers.
struct AgentReport {
  private let held: [HeldIdentity]
  let text: String

  init() {
    var found: [HeldIdentity] = []
    var process = ""
    do {
      let client = try AgentClient(at: SocketPlace())
      process = client.process.map { " (process \($0))" } ?? ""
      found = try client.status()
      text = "running" + process
    } catch AgentError.absent, AgentError.noRuntimeFolder { text = "none" } catch {
      text = VaultError(agent: error).reason + process
    }
    held = found
  }

  func lock(of name: IdentityName) -> String {
    guard let mine = held.first(where: { $0.name == name }) else { return "locked" }
    let span = { (seconds: UInt64) in TimeSpan(seconds: Int64(min(seconds, UInt64(HoldingTerms.lifeLimit)))).words }
    let asks = mine.confirms ? ", asks" : ""
    return "unlocked for \(span(mine.secondsLeft)), \(span(mine.idleSecondsLeft)) without use\(asks)"
  }
}
