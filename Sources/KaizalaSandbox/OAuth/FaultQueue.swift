/// The fault that was ordered last, until it has been used `count` times.
struct FaultQueue: Sendable {
  private var ordered: Fault?

  mutating func order(_ fault: Fault) { ordered = fault.count > 0 ? fault : nil }

  mutating func next() -> Fault? {
    guard var fault = ordered else { return nil }
    fault.count -= 1
    ordered = fault.count > 0 ? fault : nil
    return fault
  }
}
