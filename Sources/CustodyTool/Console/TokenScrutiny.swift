import CustodyEvidence
import ArgumentParser
import Custody
import CustodyExchange
import CustodyJSON
import CustodySecrets
import CustodyValues

/// The check of a refresh token's text before it is stored.
struct TokenScrutiny: ParsableArguments {
  @Flag(help: "Keep it even if a look at it finds something wrong.") var force = false

  /// Throws if the text is no refresh token of this connector, or a dead one; warns of lesser oddities.
  func look(
    at secret: borrowing SecureBytes, _ token: TokenDetails, _ connector: ConnectorDetails?, _ options: GlobalOptions
  ) throws -> TokenExamination {
    let found = try TokenInspection(token, of: connector).examine(secret)
    if let first = found.errors.first, !force {
      throw VaultError(
        .badInput, "cannot keep this for \"\(token.name)\": \(found.errors.map(\.words).joined(separator: "; "))",
        subject: token.name, hint: "\(first.remedy); --force keeps it all the same")
    }
    guard !options.json else { return found }
    for finding in found.findings {
      Console.warn(PrintableText.escape("warning: \(finding.words): \(finding.remedy.typed)"))
    }
    return found
  }
}

extension TokenExamination {
  /// The findings as fields for `--json`.
  var fields: JSONObject {
    ["findings": .array(findings.map(\.json)), "expires": expires.map { .string($0.text) } ?? .null]
  }
}

extension TokenFinding {
  var json: JSONValue {
    [
      "severity": .string(severity.rawValue), "code": .string(code.rawValue), "words": .string(words),
      "remedy": .string(remedy.typed),
    ]
  }
}
