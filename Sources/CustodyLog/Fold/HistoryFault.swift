/// A rule that an entry breaks, or a proof that does not hold, at a position in the log.
package struct HistoryFault: Error, Equatable, Sendable {
  package enum Rule: Equatable, Sendable {
    case grammar(EntryError)
    case notTheFirst, wrongOrigin, unknownActor, roleMayNot(Role, Action), badSignature, invalidKey
    case sequence(expected: UInt64), seenUnknown
    case memberTwice, nameTwice, keyTwice, removedActor, unknownMember, lastAdmin, roleUnchanged
    case machineMayNot(Action), machineAsAdmin
    case itemTwice, unknownItem, wrongKind, retired, wrongRevision, wrongGeneration
    case wrongMetadataKey, staleMetadataKey, renewalNotDue, tokensInUse, outlastsGrant, mayNotLeaveOut, notTheRegistrar
    case signedByAnother
    case nothingEarlier, revertsAnAdmin
    case unknownConnector, unknownRecipient, auditorAsRecipient, notAHolder, notAGrantee
    case checkpointRoot, checkpointSigner, checkpointSignature, truncated
    /// Rules for rows that a vault must have.
    case missing, doesNotOpen, uncovered
    /// Rules for exports and proofs outside a vault.
    case otherGenesis, notIncluded, storedHash, standsBeside, outOfOrder, notDisclosed, outsideScope
  }

  package let position: UInt64
  package let rule: Rule

  package init(position: UInt64, rule: Rule) { (self.position, self.rule) = (position, rule) }
}
