import Custody
import CustodyAgent
import CustodyExchange
import CustodySecrets
import CustodyValues

/// Checks of this machine, independent of any vault.
struct MachineCheckup {
  var findings: [Finding] { [memory, swap, clock, runtime, network] }

  private var memory: Finding {
    Hardening.memoryIsPrivate
      ? Finding("memory", .ok, "kept from core dumps, and from other programs of yours")
      : Finding(
        "memory", .bad, "a crash could dump it, or another program of yours read it", "look at who starts custody")
  }

  /// Checks that memory can be locked: two pages for the agent's keys, and a mebibyte for an exchange's reply.
  private var swap: Finding {
    let remedy = "raise RLIMIT_MEMLOCK (\"ulimit -l\", LimitMEMLOCK= of a unit), or turn swap off or encrypt it"
    guard Hardening.canLock(bytes: 64 << 10) else {
      return Finding("swap", .warn, "memory not locked: secrets may be swapped to disk", remedy)
    }
    guard Hardening.canLock(bytes: 2 << 20) else {
      return Finding("swap", .warn, "memory not locked in full: what a provider answers may be swapped to disk", remedy)
    }
    return Finding("swap", .ok, "memory that holds secrets is locked")
  }

  private var clock: Finding {
    let now = Timestamp.now()
    guard now.milliseconds >= Self.written else {
      return Finding("clock", .bad, "it says \(now.text), before Custody was written", "set it: \"timedatectl\"")
    }
    return Finding("clock", .ok, now.text)
  }

  /// The start of 2026-11-01 (UTC), in milliseconds since 1970; a clock before it is wrong.
  private static let written: Int64 = 1_793_491_200_000

  private var runtime: Finding {
    do throws(AgentError) {
      let place = try SocketPlace()
      do throws(AgentError) {
        let held = try AgentClient(at: place).status().count
        return Finding("agent", .ok, "running; it holds the keys of \(held)")
      } catch {
        guard error == .absent else { throw error }
        return Finding("agent", .ok, "none is running; \(place.folder) can hold its socket")
      }
    } catch {
      let isOdd =
        switch error {
        case .foreign, .foreignPeer, .lied, .malformed: true
        default: false
        }
      return Finding("agent", isOdd ? .bad : .warn, VaultError(agent: error))
    }
  }

  private var network: Finding {
    CurlTransport.isThere
      ? Finding("libcurl", .ok, "there, for exchanges")
      : Finding("libcurl", .warn, "libcurl.so.4 is not there: no exchange is possible", "apt-get install libcurl4")
  }
}
