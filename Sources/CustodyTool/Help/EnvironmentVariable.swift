/// An environment variable that Custody reads. A house test compares this list with the code.
struct EnvironmentVariable {
  let name: String
  let meaning: String

  /// All variables. None holds a secret: the environment is inherited, and visible in /proc.
  static let all = [
    EnvironmentVariable(name: "CUSTODY_VAULT", meaning: "The vault's file, where --vault names none."),
    EnvironmentVariable(
      name: "CUSTODY_MEMBER", meaning: "Which member you are, by name or ID, where --as does not say."),
    EnvironmentVariable(
      name: "CUSTODY_PASSPHRASE_COMMAND",
      meaning:
        "A command for /bin/sh that prints the passphrase, such as one of a password manager. --passphrase-file comes before it."
    ),
    EnvironmentVariable(name: "CUSTODY_KEY_FILE", meaning: "The key file to unlock with, where --key-file names none."),
    EnvironmentVariable(
      name: "CREDENTIALS_DIRECTORY",
      meaning:
        "A service's credentials, set by systemd: the key file is custody.key in it, where nothing else names one."
    ),
    EnvironmentVariable(name: "CUSTODY_NO_INPUT", meaning: "If set, nothing is ever asked, as with --no-input."),
    EnvironmentVariable(
      name: "XDG_DATA_HOME", meaning: "The vault is custody/vault.db in this folder. Else ~/.local/share."),
    EnvironmentVariable(
      name: "XDG_STATE_HOME",
      meaning:
        "The members on this machine, and the last state of each vault that it has seen, are in custody in this folder. Else ~/.local/state. Losing it loses the memory of which log is the newest."
    ),
    EnvironmentVariable(
      name: "XDG_CONFIG_HOME",
      meaning: "Presets that were added are in custody/providers in this folder. Else ~/.config."
    ),
    EnvironmentVariable(
      name: "XDG_RUNTIME_DIR", meaning: "The agent's socket is in custody in this folder; without it there is no agent."
    ),
    EnvironmentVariable(name: "HOME", meaning: "Where ~ is."),
    EnvironmentVariable(name: "PATH", meaning: "Where \"custody exec\" and --open look for programs."),
    EnvironmentVariable(name: "NO_COLOR", meaning: "If set, no colours, unless --color always."),
    EnvironmentVariable(name: "TMPDIR", meaning: "Folder in which evidence is unpacked; else /var/tmp."),
    EnvironmentVariable(name: "TERM", meaning: "No colours, and no bar of what lasts, if it is dumb."),
    EnvironmentVariable(name: "COLUMNS", meaning: "How wide the text of --help is."),
    EnvironmentVariable(name: "SHELL", meaning: "Which shell --generate-completion-script is for, if it does not say."),
    EnvironmentVariable(
      name: "https_proxy",
      meaning: "The proxy to providers; HTTPS_PROXY too. Never used for this machine's own addresses."
    ),
    EnvironmentVariable(name: "all_proxy", meaning: "As https_proxy, where that is not set; ALL_PROXY too."),
    EnvironmentVariable(name: "no_proxy", meaning: "Hosts to reach without the proxy; NO_PROXY too."),
    EnvironmentVariable(
      name: "LD_LIBRARY_PATH", meaning: "Handed on to the agent, the only variable that is; where libcurl may be."),
    EnvironmentVariable(name: "LISTEN_FDS", meaning: "From systemd, to an agent that it starts."),
    EnvironmentVariable(name: "LISTEN_PID", meaning: "From systemd, to an agent that it starts."),
    EnvironmentVariable(
      name: "SOURCE_DATE_EPOCH", meaning: "The date that manual pages bear, for installs that can be repeated."),
  ]
}
