internal import CustodyEvidence
internal import Custody
internal import CustodyValues

/// The provider's call that revokes a token.
struct RevocationCall {
  static let doubt =
    "nobody knows how its last exchange ended: the provider may have given another refresh token, which this need not reach"

  let endpoint: Endpoint
  private let call: Preset.TokenCall
  private let request: ExchangeRequest
  private let subject: ExchangeSubject

  init(_ subject: ExchangeSubject) throws(VaultError) {
    request = try ExchangeRequest(subject)
    self.subject = subject
    let (preset, name) = (request.preset, subject.token.name)
    guard let call = preset.revoke else {
      throw VaultError(
        .badPreset, "provider \"\(preset.id)\" has no call that revokes a token", subject: name,
        hint: Self.instead(preset))
    }
    self.call = call
    do { endpoint = try preset.endpoint(call.url, request.variables) } catch {
      throw VaultError(endpoint: error, of: name)
    }
  }

  private static func instead(_ preset: Preset) -> Hint {
    Hint(preset.retiring.map { $0 + "; " }.joined()) + "then leave out \(step: .leaveOut(.revoke))"
  }

  func send(_ claim: borrowing RevocationClaim, _ pulse: Pulse, _ caFile: String?) throws(ExchangeError) {
    let call = ProviderCall(
      preset: request.preset, endpoint: endpoint, method: call.method, prepared: try prepared(claim), caFile: caFile)
    try call.confirm(call.send(over: CurlTransport(pulse: pulse)))
  }

  private func prepared(_ claim: borrowing RevocationClaim) throws(ExchangeError) -> PreparedRequest {
    try RequestWriter.writing(request.preset.kind(of: call)) { writer throws(ExchangeError) in
      try writer.put(call.fixed)
      switch claim.connectorSecret {
      case .some(let secret):
        try writer.putClient(request, secret, .init(endpoint: endpoint, now: CurlTransport().now))
      case .none: break
      }
      try writer.put(claim.refreshToken, at: call.token, as: "refresh token")
      try writer.hide(claim.refreshToken)
    }
  }

  /// True if an exchange of unknown outcome may have brought another token.
  func mayHaveSuccessor(_ now: @escaping @Sendable () -> Timestamp) -> Bool {
    ExchangePolicy(options: ExchangeOptions(), now: now).mayRotate(request.preset, subject)
  }

  /// A failure in the words of a revocation; nothing was retired.
  func refusal(_ error: ExchangeError) -> VaultError {
    let (failure, name) = (error.failure, subject.token.name)
    let (reason, hint): (String, Hint) =
      switch error.code {
      case .refusedByProvider:
        ("the provider says that it is no good any more\(error.http)", "retire it without \(step: .leaveOut(.revoke))")
      case .requestRefused: (failure.reason, Self.instead(request.preset))
      default: (failure.reason, error.remedy)
      }
    return VaultError(
      failure.code, "cannot revoke \"\(name)\", and nothing was retired: \(reason)", subject: name, hint: hint
    ).caused(by: error.withoutToken)
  }
}
