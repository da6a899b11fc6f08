package import CustodyValues

extension Item {
  /// The members who could open the newest value, present and former holders.
  package var exposed: [Identifier: Exposure] { exposures.filter { $0.value.revision == revision } }

  /// A value was made: everyone who has its data key could open it.
  mutating func exposeNewest(_ moment: Moment, by author: Identifier, as opening: Exposure.Opening) {
    for member in Array(grants.keys) + takenBack { exposures[member] = Exposure(revision: revision, since: moment) }
    exposures[author]?.opened[opening] = moment
  }

  /// A value is the newest again: whoever could open it then, or what came after it, could open it.
  mutating func exposeAgain(_ earlier: UInt64, _ moment: Moment) {
    for value in unseen where value.revision == earlier {
      exposures.merge(value.exposures) { own, other in own.revision < earlier ? other : own }
    }
    unseen.removeAll { $0.revision == earlier }
    for (member, exposure) in exposures where exposure.revision >= earlier { exposures[member]?.revision = revision }
    for member in grants.keys { expose(to: member, moment) }
  }

  mutating func expose(to member: Identifier, _ moment: Moment) {
    guard exposures[member]?.revision != revision else { return }
    exposures[member] = Exposure(revision: revision, since: moment)
  }

  mutating func noteOpening(by member: Identifier, _ opening: Exposure.Opening, _ moment: Moment) {
    expose(to: member, moment)
    exposures[member]?.opened[opening] = moment
  }
}
