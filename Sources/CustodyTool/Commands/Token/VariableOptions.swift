import CustodyEvidence
import ArgumentParser
import Custody
import CustodyExchange
import CustodyValues

/// Options for the variables in a provider's URLs.
struct VariableOptions: ParsableArguments {
  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp(
      "What the provider's URLs need, as in region=eu; \"custody provider show\" names them. Repeat for more.",
      valueName: "name=value"))
  var set: [String] = []

  /// The variables, checked against the connector's preset so that no exchange fails later because of them.
  func values(for connector: ConnectorDetails) throws -> [String: String] {
    var values: [String: String] = [:]
    for text in set {
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2, values[parts[0]] == nil else {
        throw VaultError(
          .usage, "\"\(PrintableText.escape(text))\" is not one variable and its value", hint: "write --set region=eu")
      }
      values[parts[0]] = parts[1]
    }
    if !values.isEmpty { try Preset.forConnector(connector).check(variables: values) }
    return values
  }
}
