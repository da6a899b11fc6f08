internal import Custody

/// A format that can be imported. `docs/IMPORT.md` describes each, with sources.
public enum ImportFormat: String, CaseIterable, Sendable {
  /// Custody's own CSV with a header.
  case csv
  /// Custody's own JSON: an object with `connectors` and `tokens`.
  case json
  /// An `.env` file of keys and values.
  case env
  /// The CSV export of KeePassXC or KeePass.
  case keepassCSV = "keepass-csv"
  /// 1Password: the output of `op item get --format json`.
  case op
  /// Bitwarden Secrets Manager: the output of `bws secret list`.
  case bws
  /// HashiCorp Vault: the output of `vault kv get -format=json`.
  case vaultKV = "vault-kv"
}
