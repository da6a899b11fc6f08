struct WaitingPhone: Sendable {
  let number: String
  let pin: Int
}
