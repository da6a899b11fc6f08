import ArgumentParser
import CustodyJSON
import CustodySystem
import CustodyValues

struct Limits: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "limits", abstract: "List what Custody can't promise.")

  @OptionGroup var options: GlobalOptions

  /// The limits, by who could use them, as SECURITY.md has them word for word.
  static let all = [
    // Somebody with a copy of the file.
    "A thief of the file can guess passphrases offline, at half a second and 256 MiB a guess. A passphrase that can be guessed will be.",
    "The file shows random IDs, sizes, counts and times without a key. A thief learns how much there is, and which rows belong together. Details and reasons are not padded, so their length shows.",
    "An older copy of the file opens as it did, with the same keys: a changed passphrase or key file does not change it.",
    "A wrong passphrase leaves no entry in the log: somebody who can't unlock can't sign.",
    "Custody does not defend against traffic analysis, loss of availability, or somebody who deletes the file.",
    // Somebody who can write the file.
    "Somebody who can write the file can destroy it, or add what no member signed. The vault is then read up to there, and nothing is written to it until its log holds again: go on from another copy.",
    "An old copy put back, or a log whose end was cut, is noticed by machines that verified a later state, and by nobody else. Somebody who opens a vault for the first time sees what they are shown.",
    "Where no admin of both records is left, a member who goes on with the other record decides for their own machine alone.",
    "The log does not vouch for leases, kept access tokens and what is known of the last exchange. Somebody who can write the file can make an exchange stop, or ask again where it would have stopped. They can't make up a token.",
    // A member.
    "A member who already has a key can read a copied vault in silence: the log proves who had access, while honest clients declare what they revealed.",
    "A member who knows or guesses a name can test whether there is an item of that name, under the keys of every epoch that they have. Somebody who has left can do so for items that were made before.",
    "A member with a patched client can add entries that break a rule. They are void: they change nothing, are shown with their author, and stop nobody; but they stay in the log. So does a cosignature that does not hold: it is named as damaged, with its author, and vouches for nothing.",
    "A person with access to a connector can replace its secret by nonsense. A person with access to a token can, with a patched client, sign an exchange that brings nonsense. Either can make new keys whose envelopes open for nobody. All of it is signed.",
    "A person who had access to the value before a spoilt one brings it back; one earlier value is kept, and not more. Otherwise an admin takes the item over. An item whose metadata key opens for nobody has lost its names and details: retire it, by its ID if need be, and store it anew.",
    "\"custody token check\" opens the token in its own process and writes token.check. That is a use, though nobody is shown the value. A live check and \"custody token keepalive\" are exchanges with how nowhere.",
    "\"custody token due\" believes entries. A person with access can, with a patched client, sign an exchange that never was, and a dead token then seems alive. What providers document may be wrong.",
    "The source in token.store and token.rotate, and revoked in token.retire, are what their author's client says it saw. Access tokens may live on for their time after a revocation.",
    // A former member, or one whose access ended.
    "Taking access back makes nobody forget. A value that was open to somebody must be rotated at its provider; \"custody exposure\" lists such values.",
    "Removing a member makes new keys for those who stay, and a new data key for each item that the remover has access to. Any other item waits for \"rekey\" by a person with access. Until then an exchange brings a value that the leaver could open in a later copy.",
    "A former member with a later copy reads nothing that was written about an item since its metadata key was renewed. What they could read before they left they can still read in any copy.",
    "Somebody who has lost access since may have written what is known of the last exchange. Then only its doubt is believed: they can make it look as if an answer was lost.",
    "The end of somebody's access is held against the clock of the machine that opens, and an entry's time is its author's claim. Somebody whose access ended, and who kept the key, can with a patched client sign an exchange dated before its end. Order is proved, times are not.",
    "An exchange that is under way when its author's access is taken back can't store what it brings, and the provider may have rotated the token by it. Rotate it at the provider, as after every leave.",
    // An admin.
    "An admin with access to a value can tell it to anyone, by any other way.",
    "A malicious admin can enrol accomplices, confirm a destination, and replace, retire or orphan what others have access to. All of it is signed, and stays in the log; no other admin has to agree before it counts.",
    "An admin who takes over an item can put any value there, the old one too. They can't compare, so \"custody exposure\" goes on showing the value before as replaced unseen, until an admin who had access to it says that it is worthless. That too is a person's word.",
    "The time of the newest entry that an admin signed decides whether somebody else's access has ended. While an admin's clock that is set far ahead was the last to sign, access that ends before that time counts as ended: others with access may leave that member out, and new metadata keys do. The next admin's entry corrects the clock; whoever was left out must be shared with again.",
    // Somebody who hands over evidence.
    "A part of a log covers what its exporter signed. That nothing within it was left out is their word, and somebody who has left since can have signed one. A part does not prove that its entries count: one may be void by what was left out. A member can sign a checkpoint over a made-up tree of real entries. An auditor of parts keeps an earlier checkpoint, or looks for cosignatures.",
    // A provider, and the way to it.
    "A provider may rotate a token while its reply is lost on the way. The vault can't store what never arrived, and says so. It asks again only where the provider says that the old token still works.",
    "Where the vault can't take a new token when the reply is there, it is sealed in the state folder of the person who asked, in space that was reserved before. With both disks full it is lost, and the error says so.",
    "Discovery believes the issuer, over TLS, once. What it found is sealed with the connector. You are asked about endpoints on other hosts.",
    "A login by browser trusts the browser, and whoever is signed in there. Somebody who reads the printed address, the arguments of xdg-open, or the code of --device before the person uses it can answer in their place, and the vault would hold a token of another account than the person's: look at whose data it brings.",
    // Whoever has the machine.
    "Whoever controls this machine while you type a passphrase or show a secret has both: root, a keylogger, a terminal that records, swap where memory could not be locked.",
    "Where a preset comes with the program, a destination has the preset's ID and what fills its URLs. The URLs themselves are the program's: whoever replaces the program on a machine decides where that machine sends secrets.",
    "A machine's key file lies where its programs read it. That a machine only exchanges is its own client's word: whatever else it signs is void, but it holds the keys of what is shared with it, and can open them in silence.",
    "A login's code, state and verifier are in ordinary memory while they live. A login that fails after the connector's secret went out leaves token.store with outcome error.",
    // One's own mistakes.
    "A lost passphrase is lost. Nobody can reset it; keep a second admin.",
    "A destination says where a token's secrets go, not what is done with them there. An admin who confirms one unread sends them there.",
  ]

  func run() throws {
    guard !options.json else {
      return try Console.print(
        JSONValue.object(["v": 1, "limits": .array(Self.all.map { .string($0) })]).text())
    }
    // Wrapped on a terminal; through a pipe each limit is one line.
    let width = Output.isTerminal(1) ? Wrapped.width - 2 : .max
    for limit in Self.all {
      for (number, line) in Wrapped.lines(limit, width: width).enumerated() {
        try Console.print((number == 0 ? "- " : "  ") + line)
      }
    }
  }
}
