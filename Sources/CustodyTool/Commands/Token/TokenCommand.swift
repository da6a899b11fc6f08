import ArgumentParser
import CustodyLog

struct TokenCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "token", abstract: "Refresh tokens, named TENANT/CONNECTOR.",
    subcommands: [
      TokenStore.self, TokenList.self, TokenShow.self, TokenShare.self, TokenUnshare.self, TokenReveal.self,
      TokenExchange.self, TokenCheck.self, TokenDue.self, TokenKeepalive.self, TokenChange.self, TokenConfirm.self,
      TokenRotate.self, TokenRekey.self, TokenRevert.self, TokenSettle.self, TokenRetire.self,
    ])
}

struct TokenShare: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "share", abstract: "Hand a token over: seal its key to a member, on the record.",
    discussion: """
      They open it from now on, later revisions too, until the time is over or it is taken back. Shows what that means, and \
      asks. To exchange it they need its connector as well: \"custody connector share\".
      """)
  @OptionGroup var options: GlobalOptions
  @OptionGroup var share: ShareOptions
  func run() throws { try share.run(.token, options) }
}

struct TokenUnshare: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unshare", abstract: "Take a token back.",
    discussion: """
      They open no later revision: it gets a new data key, or, if you do not hold it yourself, waits for who does to run \
      \"custody token rekey\". What they could open until now they may know; a new value at the provider ends that.
      """)
  @OptionGroup var options: GlobalOptions
  @OptionGroup var unshare: UnshareOptions
  func run() throws { try unshare.run(.token, options) }
}

struct TokenRekey: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rekey", abstract: "A new data key for everyone who still has a grant.",
    discussion: """
      Needed where someone lost their grant and may still have the key: their time was over, or who took it back did not \
      hold it. \"custody exposure\" names such items. The value stays.
      """)
  @OptionGroup var options: GlobalOptions
  @OptionGroup var item: ItemArgument
  @OptionGroup var leaving: NewKeyOptions
  func run() throws { try item.rekey(.token, leaving, options) }
}

struct TokenRevert: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "revert", abstract: "Bring back the value before the newest.", discussion: RevertOptions.discussion)
  @OptionGroup var options: GlobalOptions
  @OptionGroup var value: RevertOptions
  func run() throws { try value.run(.token, options) }
}

struct TokenRetire: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "retire", abstract: "No longer use a token; its record stays and its name is free.",
    discussion:
      "Its value is destroyed here. It may go on working at the provider: --revoke asks the provider first to end it.")
  @OptionGroup var options: GlobalOptions
  @OptionGroup var item: ItemArgument
  @OptionGroup var reason: ReasonOption
  @OptionGroup var revocation: RevocationOptions
  func run() throws { try item.retire(.token, reason.reason, options, revocation: revocation) }
}

struct TokenSettle: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "settle", abstract: "Say that a value which was replaced unseen is worthless.",
    discussion: SettleOptions.discussion)
  @OptionGroup var options: GlobalOptions
  @OptionGroup var value: SettleOptions
  func run() throws { try value.run(.token, options) }
}
