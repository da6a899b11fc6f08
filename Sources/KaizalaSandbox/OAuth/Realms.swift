/// All realms that scripts have made, by name.
actor Realms {
  private var all: [String: Realm] = [:]

  func make(_ rules: RealmRules) -> Realm {
    let realm = Realm(name: "r\(all.count + 1)", rules: rules)
    all[realm.name] = realm
    return realm
  }

  func named(_ name: String) -> Realm? { all[name] }
}
