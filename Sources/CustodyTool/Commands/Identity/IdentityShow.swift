internal import CustodyEvidence
import ArgumentParser
import Custody
import CustodyJSON
import CustodyLog
import CustodyValues

struct IdentityShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Your name, role and public keys in the vault, and what you unlock with.")

  @OptionGroup var options: GlobalOptions

  func run() throws {
    let vault = try Vault.open(at: options.vaultPath())
    let (id, _) = try options.unlockable(vault)
    let protection = try vault.protection(of: id)
    let genesis = vault.genesis
    let session = try options.unlock()
    guard let member = session.member else { throw VaultError(.integrity, "the log knows no member \(id.hex)") }
    var particulars = Particulars()
    particulars.add("name", member.name)
    particulars.add("role", member.role.rawValue)
    particulars.add("kind", member.kind)
    particulars.add("id", member.id.hex)
    particulars.add("vault", session.vaultID.hex)
    particulars.add("genesis", genesis.text)
    particulars.add("unlocks_by", protection.factors.text)
    if protection.factors.passphrase {
      particulars.add("argon2id_passes", .integer(protection.passes))
      particulars.add("argon2id_mebibytes", .integer(protection.mebibytes))
    }
    particulars.add("key_file", try LocalState(vault: session.vaultID).members.first { $0.id == id }?.keyFile)
    particulars.add("sealed_by_log_entry", .integer(member.seedEntry))
    particulars.add("entry_key", member.entryKey(origin: session.origin).text)
    particulars.add("cosignature_key", member.cosignatureKey(origin: session.origin).text)
    try particulars.print(json: options.json)
  }
}

extension Credential.Factors {
  var text: String {
    passphrase ? keyFile ? "passphrase and key file" : "passphrase" : "key file"
  }
}
