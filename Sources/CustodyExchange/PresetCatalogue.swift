extension Preset {
  /// The presets that Custody brings along, by ID.
  public static let all: [Preset] = texts.compactMap { try? Preset(parsing: Array($0.utf8)) }

  public static func named(_ id: String) -> Preset? { all.first { $0.id == id } }

  package static let texts = [kaizala, entra, google, salesforce, oauth2, oauth2Post]
}
