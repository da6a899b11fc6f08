/// One command line for the manual pages. A test parses each with the tool.
struct Example {
  let typed: String
  let why: String
  var words: [String] { typed.split(separator: " ").map(String.init) }
  /// True if the page of `custody` itself shows it, as part of the founding flow.
  var isOfTheTool = false

  init(_ typed: String, _ why: String, first: Bool = false) {
    (self.typed, self.why, isOfTheTool) = (typed, why, first)
  }

  static let all = [
    Example("custody init --name ada", "ada founds a vault, and is its first admin:", first: true),
    Example(
      "custody join --name dev --role developer", "dev asks to become a member; a fingerprint is printed:", first: true),
    Example(
      "custody member approve dev", "ada sees the same fingerprint; both compare by voice, and she answers y:",
      first: true),
    Example(
      "custody connector register crm-sync --provider kaizala --id 5f0c1e9a --permission groupinfo.read",
      "dev keeps what the provider's portal gave; the secret is asked for:", first: true),
    Example(
      "custody token store contoso/crm-sync --reach tenant", "ada keeps the tenant's refresh token, typed or piped:",
      first: true),
    Example("custody token store contoso/crm --reach tenant --login", "The token comes from the provider, unseen:"),
    Example(
      "custody token share contoso/crm-sync --with dev --until 2027-11-01 --reason nightly",
      "ada hands it to dev, until the end of a day:", first: true),
    Example(
      "custody token exchange contoso/crm-sync --json", "dev gets an access token, with all that the provider said:",
      first: true),
    Example(
      "custody token exchange contoso/crm-sync --format curl-config | curl --config - https://api.example/v1/me",
      "The access token goes to curl, in the header that the provider's API takes:"),
    Example("custody token exchange contoso/crm-sync --output token", "The access token, in a new file of mode 0600:"),
    Example("custody token reveal contoso/crm-sync | other-command", "The value itself goes to another command:"),
    Example(
      "custody token due --within 60d", "What ends within two months, and who types what before; 8 if anything does:"),
    Example("custody token keepalive --all", "From cron, use what would die of idleness:"),
    Example("custody token check contoso/crm-sync", "Is it alive, and this connector's? Nobody is asked:"),
    Example("custody token rotate contoso/crm-sync --from-file new-token", "A new value, from a file:"),
    Example(
      "custody join --name ci --role developer --machine --exchange-only --key-file ci.key",
      "A build server asks to become a member that can only exchange:"),
    Example("custody identity passphrase", "Another passphrase; Enter alone makes one:"),
    Example("custody identity key-file /media/stick/custody.key", "From now on this file too is needed to unlock:"),
    Example("custody unlock --for 15m --idle 5m", "Type the passphrase once for a quarter of an hour:"),
    Example("custody lock --all", "Make the agent forget everything, and end it:"),
    Example(
      "custody exec --env TOKEN=contoso/crm-sync#access-token -- ./nightly-sync",
      "A command finds an access token in its environment:"),
    Example(
      "custody exec --fd 7=contoso/crm-sync#access-token -- ./nightly-sync",
      "Better, it reads the token from a descriptor:"),
    Example("custody inject settings.template --output settings", "Fill a template's references into a new file:"),
    Example("custody log show --action token.share", "Who handed what to whom:"),
    Example(
      "custody log export --action token.share --format csv", "Who handed what to whom, for a spreadsheet:", first: true
    ),
    Example("custody log export --format bundle --output evidence", "Evidence for somebody outside:"),
    Example("custody log verify", "Verify the log, and every row against it:", first: true),
    Example(
      "custody log recover --reason disk-died", "The newest copy is lost; an admin goes on with a backup, on record:"),
    Example(
      "custody log checkpoint --pinned --output mine.note",
      "A member whose machine knows more than the backup has writes down what it verified:"),
    Example(
      "custody log recover --covers mine.note --reason disk-died",
      "The admin covers that, and the member's own \"custody log recover\" follows:"),
    Example("custody repair", "What is damaged is shown; an admin takes it out:"),
    Example("custody repair --from vault-of-monday.db", "Rows that are lost come back from an older copy:"),
    Example("custody log verify --bundle evidence", "What an outsider types, who has no vault and no key:"),
    Example("custody exposure --member dev", "What dev could open and is still in use, and what ends it:"),
    Example("custody member remove dev --reason left", "dev leaves: new keys for those who stay:"),
    Example(
      "custody import export.csv --format keepass-csv --provider google --reach tenant --dry-run",
      "What an import would make of a file:"),
    Example("custody provider show entra", "What is documented of a provider, and what is in doubt:"),
    Example("custody doctor", "Before the first vault of a machine, and when something is odd:"),
    Example("custody help security", "What is protected, and what is not:"),
  ]
}
