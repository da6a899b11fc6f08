import ArgumentParser
import CustodyLog

struct ConnectorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "connector", abstract: "Integrations that are registered at a provider: ID, secret, permissions.",
    subcommands: [
      ConnectorRegister.self, ConnectorList.self, ConnectorShow.self, ConnectorShare.self, ConnectorUnshare.self,
      ConnectorChange.self, ConnectorRotate.self, ConnectorRekey.self, ConnectorRevert.self, ConnectorSettle.self,
      ConnectorRetire.self,
    ])
}

struct ConnectorShare: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "share", abstract: "Let a member use a connector: its secret is needed for every exchange.",
    discussion: "They then exchange those of its tokens that are shared with them. Shows what that means, and asks.")
  @OptionGroup var options: GlobalOptions
  @OptionGroup var share: ShareOptions
  func run() throws { try share.run(.connector, options) }
}

struct ConnectorUnshare: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unshare", abstract: "Take a connector back.",
    discussion: """
      They open no later revision: it gets a new data key, or, if you do not hold it yourself, waits for who does to run \
      \"custody connector rekey\". What they could open until now they may know; a new value at the provider ends that.
      """)
  @OptionGroup var options: GlobalOptions
  @OptionGroup var unshare: UnshareOptions
  func run() throws { try unshare.run(.connector, options) }
}

struct ConnectorRekey: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rekey", abstract: "A new data key for everyone who still has a grant.",
    discussion: """
      Needed where someone lost their grant and may still have the key: their time was over, or who took it back did not \
      hold it. \"custody exposure\" names such items. The value stays.
      """)
  @OptionGroup var options: GlobalOptions
  @OptionGroup var item: ItemArgument
  @OptionGroup var leaving: NewKeyOptions
  func run() throws { try item.rekey(.connector, leaving, options) }
}

struct ConnectorRevert: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "revert", abstract: "Bring back the value before the newest.", discussion: RevertOptions.discussion)
  @OptionGroup var options: GlobalOptions
  @OptionGroup var value: RevertOptions
  func run() throws { try value.run(.connector, options) }
}

struct ConnectorRetire: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "retire", abstract: "No longer use a connector; its record stays.",
    discussion: "Its secret is destroyed. An admin retires the tokens that are left of it with it.")
  @OptionGroup var options: GlobalOptions
  @OptionGroup var item: ItemArgument
  @OptionGroup var reason: ReasonOption
  func run() throws { try item.retire(.connector, reason.reason, options) }
}

struct ConnectorSettle: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "settle", abstract: "Say that a value which was replaced unseen is worthless.",
    discussion: SettleOptions.discussion)
  @OptionGroup var options: GlobalOptions
  @OptionGroup var value: SettleOptions
  func run() throws { try value.run(.connector, options) }
}
