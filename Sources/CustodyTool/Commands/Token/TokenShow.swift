internal import CustodyEvidence
import ArgumentParser
import Custody
import CustodyLog
import CustodyValues

struct TokenShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "One token's details and the people with access to it; never its value.")

  @OptionGroup var options: GlobalOptions
  @OptionGroup var item: ItemArgument

  func run() throws {
    let session = try options.unlock()
    let listing = try session.token(Resolving.item(.token, item.name, in: session))
    let details = listing.details
    var particulars = Particulars()
    particulars.add("name", details.name)
    particulars.add("tenant", details.tenant)
    particulars.add("connector", details.connector)
    particulars.add("provider", details.provider)
    particulars.add("reach", details.reach.rawValue)
    particulars.add("provider_tenant", details.providerTenant)
    for (name, value) in details.variables.sorted(by: { $0.key < $1.key }) { particulars.add("set_" + name, value) }
    particulars.add("expires", listing.expires?.text)
    particulars.add("note", details.note)
    let names = try session.memberNames()
    particulars.add(listing, names)
    if let last = try session.lastExchange(of: listing.id), !last.isOfOldRevision {
      particulars.add(last, names, options)
    }
    try particulars.print(json: options.json)
  }
}

extension Particulars {
  fileprivate mutating func add(_ last: LastExchange, _ names: [Identifier: String], _ options: GlobalOptions) {
    add("last_exchange", last.outcome.rawValue)
    add("last_exchange_at", last.time.text)
    add("last_exchange_by", names[last.by])
    // In JSON the key alone says whose words these are.
    add("last_exchange_said", options.json ? last.reason : last.reason.map(PrintableText.quote))
    add("refresh_token_ends", last.refreshExpires?.text)
  }
}
