struct EmptyObject: Encodable {}
