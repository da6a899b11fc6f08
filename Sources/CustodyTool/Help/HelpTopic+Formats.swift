extension HelpTopic {
  static let piecesOnFormats = [
    Piece("What goes to standard output is what was asked for, and nothing else; all talk goes to standard error."),
    Piece(
      "--json",
      "One JSON object with \"v\":1, from every command. A change says \"done\" and the action as the log has it; a report has its rows under its name. An error is one object on standard error: {\"v\":1,\"error\":{\"code\":…,\"status\":…,\"message\":…,\"hint\":…,\"subject\":…}}. A field may be added; none is renamed while \"v\" is 1. \"log export\" and \"inject\" print a document, and take --json only where that goes to a file (--output). docs/schema of the source has a JSON Schema of each."
    ),
    Piece(
      "--format table, csv, tsv, jsonl",
      "For lists and reports. A table is cut to the terminal, and is for people. Columns of the others have names, in the first line or in each object; moments are RFC 3339 in UTC. In CSV and TSV a value that a spreadsheet would run has an apostrophe before it."
    ),
    Piece(
      "a value",
      "\"token reveal\" and \"token exchange\" print it alone, without a line end unless to a terminal. With --json it is in \"value\" or \"access_token\"; one that is not printable ASCII is in \"value_hex\" or \"access_token_hex\"."
    ),
    Piece(
      "token exchange --format curl-config",
      "The header in which the provider's API takes the access token, for \"curl --config -\"."),
    Piece(
      "log export --format bundle, jsonl, html",
      "Evidence: it is verified without the vault, by \"custody log verify --bundle\", by tools of others, or, as HTML, by the browser."
    ),
    Piece(
      "log export --format csv, ocsf, ecs, cef",
      "For spreadsheets and for SIEMs. They prove nothing by themselves."),
    Piece("token due --format ics", "A calendar of what ends, iCalendar."),
    Piece(
      "import --format csv, json, env, keepass-csv, op, bws, vault-kv",
      "What other tools export; docs/IMPORT.md shows each."),
    Piece(
      "Papers, in the folder docs of the source: FORMAT.md has every byte of the vault, of the log and of its evidence; PRESETS.md what stands in a provider's preset; IMPORT.md what is read of other tools' exports."
    ),
  ]
}
