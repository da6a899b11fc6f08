public import CustodyValues

/// A value that was replaced by somebody who could not open it, and so could not tell whether theirs is another one.
public struct UnseenValue: Equatable, Sendable {
  public let revision: UInt64
  public let replacedBy: Identifier
  public let replaced: Moment
  public let exposures: [Identifier: Exposure]

  init(revision: UInt64, replacedBy: Identifier, replaced: Moment, exposures: [Identifier: Exposure]) {
    (self.revision, self.replacedBy, self.replaced, self.exposures) = (revision, replacedBy, replaced, exposures)
  }
}
