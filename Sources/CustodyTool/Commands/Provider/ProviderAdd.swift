import ArgumentParser
import Custody
import CustodyExchange
import CustodyJSON
import CustodySecrets
import CustodySystem
import CustodyValues

struct ProviderAdd: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add",
    abstract: "Check a preset and keep it on this machine, for connectors that are registered here.",
    discussion: "docs/PRESETS.md says what stands in one; \"custody provider show ID --json\" prints one to begin with."
  )

  @OptionGroup var options: GlobalOptions
  @Argument(help: ArgumentHelp("The preset, JSON in UTF-8.", valueName: "file"), completion: .file()) var file: String

  func run() throws {
    let text: SecureBytes
    do { text = try Input.file(file, limit: Preset.mostBytes) } catch {
      throw error == .tooLong(limit: Preset.mostBytes)
        ? wrong("it has more than \(Preset.mostBytes) bytes") : VaultError(error)
    }
    let preset: Preset
    do { preset = try Preset(parsing: Array(text.openText.utf8)) } catch { throw wrong(error.text) }
    let (path, replaced) = try Provider.keep(preset, text)
    if replaced { Console.say("it takes the place of the one that was added before") }
    if Preset.named(preset.id) != nil {
      Console.warn("it overrides Custody's own \"\(preset.id)\" for connectors that are registered here from now on")
    }
    Console.warn("its connectors' secrets will go to \(preset.hosts.map(\.text).joined(separator: ", "))")
    guard options.json else { return Console.say("added \(preset.id): \(path)") }
    let object: JSONObject = ["v": 1, "added": .string(preset.id), "path": .string(path), "replaced": .bool(replaced)]
    try Console.print(JSONValue.object(object).text())
  }

  private func wrong(_ reason: String) -> VaultError {
    let shown = PrintableText.escape(file)
    return VaultError(
      .badPreset, "cannot add \"\(shown)\": \(PrintableText.escape(reason))", subject: shown,
      hint: "correct it; \"custody provider show xero --json\" prints one that is right")
  }
}
