import Foundation

struct EmptyObject: Encodable {}
