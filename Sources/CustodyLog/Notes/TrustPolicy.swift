/// The keys that an offline verifier trusts, as C2SP's tlog-policy writes them.
package struct TrustPolicy: Equatable, Sendable {
  package struct Witness: Equatable, Sendable {
    package let name: String
    package let key: VerifierKey

    package init(name: String, key: VerifierKey) { (self.name, self.key) = (name, key) }
  }

  package struct Group: Equatable, Sendable {
    package enum Threshold: Equatable, Sendable { case all, any, atLeast(UInt64) }

    package let name: String
    package let threshold: Threshold
    package let members: [String]

    package init(name: String, threshold: Threshold, members: [String]) {
      (self.name, self.threshold, self.members) = (name, threshold, members)
    }
  }

  package var logs: [VerifierKey] = []
  package var witnesses: [Witness] = []
  package var groups: [Group] = []
  /// Name of the witness or group whose cosignatures are required. Nil is written `none`.
  package var quorum: String?

  package init() {}

  package var bytes: [UInt8] {
    var lines = logs.map { "log \($0.text)" }
    lines += witnesses.map { "witness \($0.name) \($0.key.text)" }
    for group in groups {
      let threshold =
        switch group.threshold {
        case .all: "all"
        case .any: "any"
        case .atLeast(let count): "\(count)"
        }
      lines.append("group \(group.name) \(threshold) \(group.members.joined(separator: " "))")
    }
    lines.append("quorum \(quorum ?? "none")")
    return Array((lines.joined(separator: "\n") + "\n").utf8)
  }

  /// Parses a policy. Comments, empty lines and URLs of witnesses are skipped. A name must be defined before it is
  /// used, and only once.
  package init?(parsing bytes: [UInt8]) {
    guard let text = String(validating: bytes, as: UTF8.self), !text.utf8.contains(0x0d) else { return nil }
    var (names, hasQuorum) = ([String](), false)
    for line in text.utf8.split(separator: 0x0a) where line.first != 0x23 {
      let words = line.split { $0 == 0x20 || $0 == 0x09 }.map { String(decoding: Array($0), as: UTF8.self) }
      guard !words.isEmpty else { continue }
      switch (words[0], words.count) {
      case ("log", 2...3):
        guard let key = VerifierKey(parsing: words[1]) else { return nil }
        logs.append(key)
      case ("witness", 3...4):
        guard let key = VerifierKey(parsing: words[2]), Self.add(words[1], to: &names) else { return nil }
        witnesses.append(Witness(name: words[1], key: key))
      case ("group", 4...):
        let members = Array(words[3...])
        guard let threshold = Self.threshold(words[2], of: members.count),
          members.allSatisfy({ Self.has($0, names) }), Self.add(words[1], to: &names)
        else { return nil }
        groups.append(Group(name: words[1], threshold: threshold, members: members))
      case ("quorum", 2):
        guard !hasQuorum, words[1] == "none" || Self.has(words[1], names) else { return nil }
        (quorum, hasQuorum) = (words[1] == "none" ? nil : words[1], true)
      default: return nil
      }
    }
    guard hasQuorum, !logs.isEmpty else { return nil }
  }

  private static func has(_ name: String, _ names: [String]) -> Bool {
    names.contains { $0.utf8.elementsEqual(name.utf8) }
  }

  private static func add(_ name: String, to names: inout [String]) -> Bool {
    guard name != "none", !has(name, names) else { return false }
    names.append(name)
    return true
  }

  private static func threshold(_ word: String, of count: Int) -> Group.Threshold? {
    switch word {
    case "all": return .all
    case "any": return .any
    default:
      guard let number = Decimal.parse(word.utf8), number > 0, number <= UInt64(count) else { return nil }
      return .atLeast(number)
    }
  }
}
