import ArgumentParser
import Custody
import CustodyJSON
import CustodyMemory

struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Verify the log and every row, and open everything that you can.")

  @OptionGroup var options: GlobalOptions

  func run() throws {
    let session = try options.unlock()
    let verified = try Console.during("verifying") { try session.verifyEverything() }
    try verified.print(json: options.json)
  }
}

extension Verification {
  func print(json: Bool) throws {
    var particulars = Particulars()
    particulars.add("verdict", "everything holds")
    particulars.add("entries", .integer(entries))
    particulars.add("checkpoints", .integer(checkpoints))
    particulars.add("rows", .integer(rows))
    if let opened { particulars.add("opened", .integer(opened)) }
    particulars.add("root", Base16.text(root))
    try particulars.print(json: json)
    guard !json else { return }
    Console.say(
      "an old copy, or a log whose end was cut, verifies just so: compare size and root with another member's")
  }
}

enum Base16 {
  static func text(_ digest: Digest) -> String { String(decoding: Hex.encode(digest.bytes), as: UTF8.self) }
}
