import ArgumentParser
import Custody
import CustodyExchange
import CustodyLog

struct RevocationOptions: ParsableArguments {
  @Flag(help: "Have the provider make the token worthless first.") var revoke = false
  @Option(
    name: .customLong("ca-file"),
    help: ArgumentHelp("Trust the certificate authorities in this file, and no others.", valueName: "path"),
    completion: .file())
  var caFile: String?
}
