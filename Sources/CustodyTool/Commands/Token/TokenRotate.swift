import ArgumentParser
import Custody
import CustodyExchange
import CustodyLog
import CustodyJSON

struct TokenRotate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rotate", abstract: "Keep a token's new value; everyone with access to it can open the new one.")

  @OptionGroup var options: GlobalOptions
  @OptionGroup var input: SecretInput
  @OptionGroup var scrutiny: TokenScrutiny
  @OptionGroup var login: LoginOptions
  @OptionGroup var item: ItemArgument
  @OptionGroup var reason: ReasonOption
  @OptionGroup var leaving: NewKeyOptions

  func run() throws {
    let session = try options.unlock()
    try session.require(.tokenRotate)
    let name = try Resolving.item(.token, item.name, in: session)
    let life = try session.unlessClosed { try session.tokenLife(name) }
    var value = try leaving.newValue(of: .token, name, in: session, options)
    value.reason = reason.reason
    let new = try NewToken(
      life?.listing.details, of: life?.connector?.details, in: session, (input, login, scrutiny, options),
      for: .rotate)
    (value.source, value.expires) = (new.source, new.expires)
    let (rotating, refused) = (value, new.refusedScope)
    try new.keeping { secret in
      try session.commit {
        try $0.rotate(.token, name, secret: secret, rotating)
        if let refused { try $0.note(refused: refused, of: name) }
      }
    }
    let revision = try session.revision(.token, name)
    var fields = new.fields
    fields["revision"] = .integer(revision)
    try options.done(
      .tokenRotate, name, "\(name) is at revision \(revision); who holds it opens the new one",
      fields)
  }
}
