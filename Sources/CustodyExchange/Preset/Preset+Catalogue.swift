extension Preset {
  /// The presets that are built into Custody.
  public static let all: [Preset] = texts.compactMap { try? Preset(parsing: $0.text) }

  /// Returns the built-in preset with this ID; nil if there is none. Only that preset's text is parsed.
  public static func named(_ id: String) -> Preset? {
    texts.first { $0.id == id }.flatMap { try? Preset(parsing: $0.text) }
  }

  /// IDs of the built-in presets.
  public static var ids: [String] { texts.map(\.id) }

  /// The built-in presets' JSON, by ID. SwiftPM names each constant after its file, `Presets/ID.json`; a test compares
  /// this list with the folder.
  package static var texts: [(id: String, text: [UInt8])] {
    [
      ("kaizala", PackageResources.kaizala_json),
      ("entra", PackageResources.entra_json),
      ("google", PackageResources.google_json),
      ("salesforce", PackageResources.salesforce_json),
      ("slack", PackageResources.slack_json),
      ("atlassian", PackageResources.atlassian_json),
      ("zoho", PackageResources.zoho_json),
      ("zoom", PackageResources.zoom_json),
      ("hubspot", PackageResources.hubspot_json),
      ("dropbox", PackageResources.dropbox_json),
      ("intuit", PackageResources.intuit_json),
      ("xero", PackageResources.xero_json),
      ("github-app", PackageResources.github_app_json),
      ("oauth2", PackageResources.oauth2_json),
    ]
  }
}
