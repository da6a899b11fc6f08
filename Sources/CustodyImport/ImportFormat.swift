internal import Custody

/// What an import can read. docs/IMPORT.md says what each looks like, and where that is written.
public enum ImportFormat: String, CaseIterable, Sendable {
  case csv, json, env
  case keepassCSV = "keepass-csv"
  case op, bws
  case vaultKV = "vault-kv"
}
