package import CustodyEvidence
package import Custody

extension Preset {
  /// Values of the URLs' variables for a token: from its details, otherwise the default. `tenant` is the provider's
  /// name of the tenant, or the vault's.
  package func variables(of token: TokenDetails) -> [String: String] {
    var values = ["tenant": token.providerTenant ?? token.tenant]
    for variable in variables {
      values[variable.name] = token.variables[variable.name] ?? values[variable.name] ?? variable.standard
    }
    return values
  }

  /// Throws unless the preset has each of these variables and allows its value. Called before they are stored.
  package func check(variables given: [String: String]) throws(VaultError) {
    for (name, value) in given.sorted(by: { $0.key < $1.key }) {
      guard let variable = variables.first(where: { $0.name == name }) else {
        let names = variables.map(\.name).joined(separator: ", ")
        throw VaultError(
          .badInput, "provider \"\(id)\" has no variable \"\(name)\"",
          hint: names.isEmpty ? "leave it out" : "it has \(names)")
      }
      guard URLTemplate.isPlain(value), variable.allows(value) else {
        let values = variable.values.joined(separator: ", ")
        throw VaultError(
          .badInput, "\(name) can't be \"\(value)\" for provider \"\(id)\"",
          hint: "\(variable.title)\(values.isEmpty ? "" : ": \(values)")")
      }
    }
  }
}
