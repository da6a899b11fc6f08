extension ExchangeRequest {
  /// The connector's own URL or the preset's with its variables filled in, on a host that may have the secrets.
  func resolvedEndpoint() throws(ExchangeError) -> Endpoint {
    if let endpoint { return try preset.endpoint(endpoint) }
    guard let template = preset.url else {
      throw ExchangeError(
        .badEndpoint, "preset \"\(preset.id)\" has no URL: the connector must name its token endpoint")
    }
    return try preset.endpoint(template, variables)
  }
}
