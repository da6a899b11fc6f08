import CustodySecrets
import CustodySystem
import CustodyValues
import Foundation
import Glibc
import Testing

struct HardeningTests {
  @Test func `L5: a hardened process can't be dumped or read by its own user`() async {
    await #expect(processExitsWith: .exitCode(0)) {
      let before = Hardening.memoryIsPrivate
      try Hardening.apply()
      exit(Hardening.memoryIsPrivate ? before ? 2 : 0 : 1)
    }
  }

  @Test func `L6: a crash prints nothing of memory`() async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      try Hardening.apply()
      raise(SIGILL)
    }
    let printed = try #require(result).standardErrorContent
    #expect(!String(decoding: printed, as: UTF8.self).contains("Registers"))
    #expect(printed.count < 300)
  }

  @Test func `F17: a closed pipe is an error and no death`() async {
    await #expect(processExitsWith: .exitCode(0)) {
      try Hardening.apply()
      var ends: [Int32] = [0, 0]
      pipe(&ends)
      close(ends[0])
      do throws(SystemError) { try Output.write("value", to: ends[1]) } catch { exit(error.isClosedPipe ? 0 : 1) }
      exit(2)
    }
  }

  @Test func `F14: where no page can be locked, that is known`() async {
    await #expect(processExitsWith: .exitCode(0)) {
      var (given, none) = (rlimit(), rlimit(rlim_cur: 0, rlim_max: 0))
      getrlimit(__rlimit_resource_t(8), &given)
      guard given.rlim_cur < 65_536 || Hardening.memoryIsLocked else { exit(2) }
      setrlimit(__rlimit_resource_t(8), &none)
      // RLIMIT_MEMLOCK, a macro. Root may lock without a limit; the limit is for the rest of us.
      if geteuid() == 0 { setuid(65_534) }
      exit(Hardening.memoryIsLocked ? 1 : 0)
    }
  }
}
