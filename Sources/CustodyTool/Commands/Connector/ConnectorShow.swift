import CustodyEvidence
import ArgumentParser
import Custody
import CustodyExchange
import CustodyJSON
import CustodyLog
import CustodyValues

struct ConnectorShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "One connector's details and the people with access to it; never its secret.")

  @OptionGroup var options: GlobalOptions
  @OptionGroup var item: ItemArgument

  func run() throws {
    let session = try options.unlock()
    let listing = try session.connector(Resolving.item(.connector, item.name, in: session))
    let details = listing.details
    var particulars = Particulars()
    particulars.add("name", details.name)
    particulars.add("provider", details.provider)
    particulars.add("connector_id", details.connectorID)
    particulars.add("permissions", .array(details.permissions.map { .string($0) }))
    particulars.add("endpoint", details.endpoint)
    particulars.add("client_auth", details.clientAuthentication)
    particulars.add(details.facts)
    particulars.add("secret_expires", listing.expires?.text)
    particulars.add("scope", details.scope)
    particulars.add("note", details.note)
    particulars.add(presetOf: details)
    try particulars.add(listing, session.memberNames())
    try particulars.print(json: options.json)
  }
}

extension Particulars {
  /// Adds the facts that the connector states about its provider.
  fileprivate mutating func add(_ facts: ProviderFacts) {
    add("rotation", facts.rotation)
    add("old_token", facts.oldToken)
    add("grace_seconds", facts.graceSeconds.map { .integer($0) } ?? .null)
    add("refresh_days", facts.refreshDays.map { .integer($0) } ?? .null)
    add("idle_days", facts.idleDays.map { .integer($0) } ?? .null)
    add("authorize_url", facts.authorizeURL)
    add("device_url", facts.deviceURL)
    add("revoke_url", facts.revokeURL)
    add("scope_in_refresh", facts.scopeInRefresh.map { .bool($0) } ?? .null)
  }

  /// Adds the connector's preset and the hosts that it allows.
  fileprivate mutating func add(presetOf details: ConnectorDetails) {
    do {
      let preset = try Preset.forConnector(details)
      add("preset", details.preset == nil ? "Custody's own" : "sealed with the connector")
      add("preset_as_of", preset.date)
      add("preset_hosts", .array(preset.hosts.map { .string($0.text) }))
    } catch {
      add("preset", error.reason)
    }
  }

  /// Adds the log's record of an item.
  mutating func add<Details>(_ listing: Listing<Details>, _ names: [Identifier: String]) {
    let item = listing.item
    add("revision", .integer(item.revision))
    add("stored_by", names[item.storedBy])
    add("stored", listing.storedAt.text)
    add("changed", listing.changedAt.text)
    let holders = listing.grants.map { (name: names[$0] ?? $0.hex, until: $1.until) }.sorted { $0.name < $1.name }
    add(
      "shared_with",
      .array(
        holders.map { holder in
          ["name": .string(holder.name), "until": holder.until.map { .string($0.text) } ?? .null]
        }))
    let takenBack = listing.leavers.map { names[$0] ?? $0.hex }
    if !takenBack.isEmpty { add("may_still_hold_the_key", .array(takenBack.map { .string($0) })) }
    if listing.isNameTaken { add("name_taken", "an earlier item has this name; the name means that one") }
    add("item", item.id.hex)
  }
}
