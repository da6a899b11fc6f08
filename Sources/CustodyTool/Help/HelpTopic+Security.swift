extension HelpTopic {
  static let piecesOnSecurity = [
    Piece("What Custody protects, and what it does not. SECURITY.md of the source says it in full."),
    Piece(
      "who opens what",
      "A secret is opened by the key of a member to whom it was shared: a developer opens what was shared with them, an auditor every name and log entry and no secret, an admin what they stored or were given. No server decides, and there is none."
    ),
    Piece(
      "a stolen file",
      "tells sizes, counts, times and random IDs, and no name and no secret. Passphrases can be guessed offline, at half a second and 256 MiB a guess."
    ),
    Piece(
      "a machine",
      "unlocks by a key file alone, and is marked in every report. One that may only exchange is refused the rest by its own client, and whatever else it signs counts for nothing with every reader."
    ),
    Piece(
      "a changed file",
      "Every grant, value and member is a signed entry in an append-only tree. A row without its entry is refused by every reader, and every changed byte is found by \"custody log verify --full\"."
    ),
    Piece(
      "an old copy",
      "is seen by each machine that verified a later state, and by no other; it then writes nothing, until \"custody log recover\" shows that an admin of both records goes on, with an entry that says so, from just what it verified."
    ),
    Piece(
      "not protected",
      "Who controls this machine while you type a passphrase or show a secret has both. Who holds a key can read a copied vault in silence: grants are proved, reveals are declared by honest clients. Taking a grant back makes nobody forget: rotate the value at its provider. A lost passphrase is lost."
    ),
    Piece(
      "where secrets go",
      "Never into an argument, nor into Custody's own environment. They are typed at a hidden prompt, or come by pipe, --from-file or --from-fd. They lie in locked memory, wiped after use; there are no core dumps. What \"custody exec\" puts into the environment of another command is that command's, and its children's: prefer --fd or --file."
    ),
    Piece(
      "the agent",
      "holds keys in its own process for a limited time; they never leave it. A program of your user can use them meanwhile, unless \"custody unlock --confirm\" asks."
    ),
    Piece("\"custody limits\" lists what Custody can't promise."),
  ]
}
