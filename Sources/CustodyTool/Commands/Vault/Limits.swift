import ArgumentParser
import CustodyJSON
import CustodySystem
import CustodyValues

struct Limits: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "limits", abstract: "What Custody can't promise.")

  @OptionGroup var options: GlobalOptions

  static let all = [
    "Who already holds a key can read a copied vault in silence: grants are proved, reveals are declared by honest clients.",
    "Taking a grant back makes nobody forget: a value that was open to someone must be rotated at its provider. \"custody exposure\" lists such values.",
    "Removing a member makes new keys for those who stay, and a new data key for each item that the remover holds. Any other item waits for a holder's \"rekey\"; until then an exchange brings a value that the leaver could open in a later copy.",
    "Who left, and has a later copy, reads nothing that was written about an item since its metadata key was renewed. What they could read before they left they can still read in any copy.",
    "Members who know or guess a name can test whether there is an item of it, under the keys of every epoch that they have. Who has left can do so for items that were made before.",
    "An admin who holds a value can tell it to anyone, by any other way.",
    "A malicious admin can enrol accomplices, confirm a destination, and replace, retire or orphan what others hold. All of it is signed, and stays in the log; no other admin has to agree before it counts.",
    "An admin who takes over an item can put any value there, the old one too. They can't compare, so \"custody exposure\" goes on showing the value before as replaced unseen, until an admin who held it says that it is worthless; that too is a person's word.",
    "A destination says where a token's secrets go, not what is done with them there. An admin who confirms one unread sends them there.",
    "For a preset that the program brings along, the destination has its ID and what fills its URLs. The URLs themselves are the program's: who replaces the program on a machine decides where that machine sends secrets.",
    "A holder of a connector can replace its secret by nonsense, and a holder of a token can with a patched client sign an exchange that brings nonsense. Or they make new keys whose envelopes open for nobody: all of it is signed.",
    "Who held the value before a spoilt one brings it back; one before the newest is kept, and not more. Else an admin takes the item over. One whose metadata key opens for nobody has lost its names and details: retire it, by its ID if need be, and store it anew.",
    "A member with a patched client can add entries that break a rule. They are void: they change nothing, are shown with their author, and stop nobody; but they stay in the log. So does a cosignature that does not hold: it is named as damaged, with its author, and vouches for nothing.",
    "Who can write the file can destroy it, or add what no member signed. The vault is then read up to there, and nothing is written to it, until its log holds again: go on from another copy.",
    "An old copy put back, or a log whose end was cut, is seen by machines that verified a later state, and by nobody else. Who opens a vault for the first time sees what they are shown.",
    "Where no admin of both histories is left, who goes on with another history decides for their machine alone.",
    "A part of a log covers what its exporter signed; that nothing within it was left out is their word, and somebody who has left since can have signed one. Nor does it prove that its entries count: one may be void by what was left out. A member can sign a checkpoint over a made-up tree of real entries; an auditor of parts keeps an earlier checkpoint, or looks for cosignatures.",
    "Random IDs, sizes, counts and times in the file are open: a thief learns how much there is, and which rows belong together. Details and reasons are not padded, so their length shows.",
    "Leases, kept access tokens and what is known of the last exchange are rows that the log does not vouch for. Who can write the file can make an exchange stop, or ask again where it would have stopped; they can't make a token up.",
    "What is known of the last exchange may have been written by somebody who has lost the right since. Then only its doubt is believed: they can make it look as if an answer was lost.",
    "The end of a grant is held against the clock of the machine that opens, and an entry's time is its author's claim. Who held a grant that ended, and kept its key, can with a patched client sign an exchange dated before its end. Order is proved, times are not.",
    "Whether somebody else's grant has ended is judged by the time of the newest entry that an admin signed. While an admin's clock that is set far ahead was the last to sign, grants that end before that time count as ended: holders may leave them out, and new metadata keys do. The next admin's entry mends the clock; who was left out is shared with again.",
    "Whoever controls this machine while you type a passphrase or show a secret has both: root, a keylogger, a terminal that records, swap where memory could not be locked.",
    "A passphrase that can be guessed will be: the file may be tried offline, at half a second and 256 MiB a guess.",
    "A wrong passphrase leaves no entry in the log: who can't unlock can't sign.",
    "A lost passphrase is lost. Nobody can reset it; keep a second admin.",
    "A changed passphrase or key file does not change older copies of the file: they open as they did, with the same keys.",
    "A machine's key file lies where its programs read it. That a machine only exchanges is its own client's word: whatever else it signs is void, but it holds the keys of what is shared with it, and can open them in silence.",
    "A provider may rotate a token and the reply may be lost on the way: the vault can't store what never arrived, and says so. It asks again only where the provider says that the old token still works.",
    "Where the vault can't take a new token when the reply is there, it is sealed in the state folder of who asked, in room that was taken before. With both disks full it is lost, and the error says so.",
    "An exchange that is on its way when its author's grant is taken back can't store what it brings: the token may have been rotated by it. Rotate it at the provider, as after every leave.",
    "\"custody token check\" opens the token in its own process and writes token.check: a use, though nobody is shown the value. A live check, and \"custody token keepalive\", are exchanges with how nowhere.",
    "\"custody token due\" believes entries: a holder with a patched client can sign an exchange that never was, and a dead token then seems alive. What providers document may be wrong.",
    "A login by browser trusts the browser, and who is signed in there. Who reads the printed address, the arguments of xdg-open, or the code of --device before the person uses it can answer in their place, and the vault would hold a token of their account: look at whose data it brings.",
    "A login's code, state and verifier are in ordinary memory while they live. A login that fails after the connector's secret went out leaves token.store with outcome error.",
    "A source in token.store or token.rotate, and revoked in token.retire, are what their author's client says it saw. Access tokens may live on for their time after a revocation.",
    "Discovery believes the issuer, over TLS, once; what it found is sealed with the connector. Endpoints on other hosts are asked about.",
    "Traffic analysis, availability, and someone who deletes the file.",
  ]

  func run() throws {
    guard !options.json else {
      return try Console.print(
        JSONValue.object(["v": 1, "limits": .array(Self.all.map { .string($0) })]).text())
    }
    // For whoever reads on a terminal in its lines; a pipe gets one a limit.
    let width = Output.isTerminal(1) ? Wrapped.width - 2 : .max
    for limit in Self.all {
      for (number, line) in Wrapped.lines(limit, width: width).enumerated() {
        try Console.print((number == 0 ? "- " : "  ") + line)
      }
    }
  }
}
