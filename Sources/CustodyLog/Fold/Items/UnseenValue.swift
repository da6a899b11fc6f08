package import CustodyValues

/// A value that was replaced by somebody who could not decrypt it, and so could not tell whether the new value differs.
package struct UnseenValue: Equatable, Sendable {
  package let revision: UInt64
  package let replacedBy: Identifier
  package let replaced: Moment
  package let exposures: [Identifier: Exposure]

  init(revision: UInt64, replacedBy: Identifier, replaced: Moment, exposures: [Identifier: Exposure]) {
    (self.revision, self.replacedBy, self.replaced, self.exposures) = (revision, replacedBy, replaced, exposures)
  }
}
