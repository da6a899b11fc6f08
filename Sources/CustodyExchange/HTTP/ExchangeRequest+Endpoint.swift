extension ExchangeRequest {
  /// The endpoint of the exchange: the connector's own URL, or the preset's with its variables filled in. Its host may
  /// receive secrets.
  func resolvedEndpoint() throws(ExchangeError) -> Endpoint {
    if let endpoint { return try preset.endpoint(endpoint) }
    guard let template = preset.url else {
      throw ExchangeError(
        .badEndpoint, "preset \"\(preset.id)\" has no URL: the connector must name its token endpoint")
    }
    return try preset.endpoint(template, variables)
  }
}
