import ArgumentParser
import CustodyLog

struct TokenCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "token", abstract: "Refresh tokens, named TENANT/CONNECTOR.",
    subcommands: [
      TokenStore.self, TokenList.self, TokenShow.self, TokenShare.self, TokenUnshare.self, TokenReveal.self,
      TokenExchange.self, TokenCheck.self, TokenDue.self, TokenKeepalive.self, TokenRotate.self, TokenRekey.self,
      TokenRetire.self,
    ])
}

struct TokenShare: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "share", abstract: "Hand a token over: seal its key to a member, on the record.")
  @OptionGroup var options: GlobalOptions
  @OptionGroup var share: ShareOptions
  func run() throws { try share.run(.token, options) }
}

struct TokenUnshare: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "unshare", abstract: "Take a token back.")
  @OptionGroup var options: GlobalOptions
  @OptionGroup var unshare: UnshareOptions
  func run() throws { try unshare.run(.token, options) }
}

struct TokenRekey: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rekey", abstract: "A new data key for who still has a grant.")
  @OptionGroup var options: GlobalOptions
  @OptionGroup var item: ItemArgument
  func run() throws { try item.rekey(.token, options) }
}

struct TokenRetire: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "retire", abstract: "No longer use a token; its record stays and its name is free.")
  @OptionGroup var options: GlobalOptions
  @OptionGroup var item: ItemArgument
  @OptionGroup var reason: ReasonOption
  @OptionGroup var revocation: RevocationOptions
  func run() throws { try item.retire(.token, reason.reason, options, revocation: revocation) }
}
