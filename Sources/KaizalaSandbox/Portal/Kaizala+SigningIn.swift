extension Kaizala {
  func visit(_ id: String?) -> Visit? { id.flatMap { visits[$0] } }

  /// Begins a session with a new ID, so that an ID planted before the sign-in is worth nothing after it.
  func begin(_ person: Person? = nil, replacing old: Visit? = nil) -> Visit {
    if let old { visits[old.id] = nil }
    let visit = Visit(id: Chance.opaque(), formToken: Chance.opaque(), person: person)
    visits[visit.id] = visit
    return visit
  }

  func end(_ visit: Visit) { visits[visit.id] = nil }

  func phone(of person: Person) -> String? { phones[person.email] }
  func waitingPhone(of person: Person) -> String? { waitingPhones[person.email]?.number }

  /// Sends a PIN to a phone number. The console stands in for the SMS.
  func addPhone(_ text: String, of person: Person) throws(PortalRefusal) {
    let phone = WaitingPhone(number: try Line.phone(text), pin: Chance.pin())
    waitingPhones[person.email] = phone
    SandboxConsole.say("PIN for \(phone.number): \(phone.pin)")
  }

  func confirmPhone(pin: Int?, of person: Person) throws(PortalRefusal) {
    guard let waiting = waitingPhones[person.email], waiting.pin == pin else { throw .wrongPIN }
    waitingPhones[person.email] = nil
    phones[person.email] = waiting.number
  }

  func confirmedPhone(of person: Person) throws(PortalRefusal) -> String {
    guard let phone = phones[person.email] else { throw .noConfirmedPhone }
    return phone
  }
}
