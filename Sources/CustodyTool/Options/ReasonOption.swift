import ArgumentParser
import Custody
import CustodyExchange
import CustodyJSON
import CustodyLog

struct ReasonOption: ParsableArguments {
  @Option(help: ArgumentHelp("The reason; sealed, for everyone who may see the item's details.", valueName: "text"))
  var reason: String?
}
