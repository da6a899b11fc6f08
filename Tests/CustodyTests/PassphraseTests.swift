@testable import Custody
import CustodyValues
import CustodyTesting
import Testing

/// Rules for passphrases.
struct PassphraseTests {
  @Test(arguments: [
    "a", "password", "Password1234567!", "p4ssw0rdp4ssw0rd", "qwertyuiop123456", "123456789012345678",
    "aaaaaaaaaaaaaaaaaaaa",
    "abcdefghijklmnop", "letmein letmein letmein letmein", "ada ada ada ada ada", "monkey dragon",
    "xK9!xK9!xK9!xK9!xK9!",
    "ähnlich", "................", "zyxwvutsrqponm", "correct horse battery staple", "CorrectHorseBatteryStaple1!",
    "correct-horse_battery.staple 9", "the quick brown fox", "To be, or not to be: that is the question",
  ])
  func `what guessers try early is refused`(passphrase: String) throws {
    #expect(refusal { try Passphrase.check(secret(passphrase)) }?.code == .weakPassphrase)
  }

  @Test(arguments: [
    "battery staple horse wrong", "zmq81kfh28vm", "ada's own four words", "vG7#pQ2!xK9@",
    "übergroße Äpfel fallen später",
    "the quiet brown goose", "correct horse battery kT4w", "kT4w-Zp9m-Qx2v",
  ])
  func `four words or twelve characters of chance are taken`(passphrase: String) throws {
    #expect(refusal { try Passphrase.check(secret(passphrase)) } == nil)
  }

  @Test func `one that was opened before stays good: only a new one is weighed`() throws {
    let vault = try TemporaryVault()
    let id = try #require(vault.people[.dev])
    #expect(
      refusal { _ = try Vault.open(at: vault.path).unlock(as: id, by: .passphrase(secret("weak")), pins: .unpinned) }?
        .code
        == .wrongPassphrase)
  }

  @Test func `a made one is seven words, is taken, and is never the same`() throws {
    var seen: Set<String> = []
    for _ in 0..<50 {
      let made = try Passphrase.generate()
      #expect(refusal { try Passphrase.check(made) } == nil)
      let words = text(made).split(separator: " ")
      #expect(words.count == 7)
      // One of the list's 1,296 is "yo-yo".
      #expect(words.allSatisfy { (3...5).contains($0.count) && $0.allSatisfy { "a"..."z" ~= $0 || $0 == "-" } })
      seen.insert(text(made))
    }
    #expect(seen.count == 50)
  }

  @Test func `the longest is weighed without a pause`() throws {
    let longest = String(repeating: "horse9Battery!", count: 74).prefix(1024)
    #expect(refusal { try Passphrase.check(secret(String(longest))) } == nil)
    #expect(refusal { try Passphrase.check(secret(String(longest) + "x")) }?.code == .badInput)
  }
}
