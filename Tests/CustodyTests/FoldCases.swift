import CustodyCrypto
import CustodyLog
import CustodyValues
import Foundation

/// One entry that breaks a rule, at the end of a log that keeps all of them.
struct FoldCase: Sendable {
  let name: String
  /// True if the entry stops the fold, because nobody answers for it or nobody can tell what it says. Otherwise it is
  /// void.
  let stops: Bool
  let make: @Sendable (CaseLog) throws -> [UInt8]

  init(_ name: String, stops: Bool = false, _ make: @escaping @Sendable (CaseLog) throws -> [UInt8]) {
    (self.name, self.stops, self.make) = (name, stops, make)
  }

  /// The author's entry with its text changed before it is signed.
  static func text(
    _ name: String, stops: Bool = false, _ old: String, _ new: String
  ) -> FoldCase {
    FoldCase(name, stops: stops) { log in
      let text = String(decoding: try log.draft(.logVerify, log.dev) { $0.set(.size, 3) }.text, as: UTF8.self)
      guard text.contains(old) else { throw HistoryFault(position: 0, rule: .missing) }
      return try log.signed(Array(text.replacingOccurrences(of: old, with: new).utf8), by: log.dev)
    }
  }

  static let all = stopping + grammar + cosignatureGrammar + headers + members + items + values + grants + metadata
}

extension FoldCase {
  static let stopping: [FoldCase] = [
    FoldCase("signed by nobody's key", stops: true) { try $0.entry(.logVerify, $0.eve) { $0.set(.size, 1) } },
    FoldCase("signed by who was removed", stops: true) { log in
      try log.add(.memberRemove, log.ada) { try log.epoch(&$0, log.dan) }
      return try log.entry(.logVerify, log.dan) { $0.set(.size, 1) }
    },
    FoldCase("a signature that does not hold", stops: true) { log in
      var bytes = try log.entry(.logVerify, log.dev) { $0.set(.size, 1) }
      bytes[30] ^= 1
      return bytes
    },
    FoldCase("a void entry's signature that does not hold", stops: true) { log in
      let text = try log.draft(.tokenRetire, log.dev) { $0.set(.item, log.token) }.text
      var bytes = try log.signed(text, by: log.dev)
      bytes[text.count - 10] ^= 1
      return bytes
    },
    FoldCase("another's name and one's own key", stops: true) { log in
      let text = try log.draft(.logVerify, log.ada) { $0.set(.size, 1) }.text
      return try log.signed(text, by: log.dev, as: Entry.keyName(origin: log.origin, member: log.ada.id))
    },
    FoldCase("a name of another log", stops: true) { log in
      let text = try log.draft(.logVerify, log.dev) { $0.set(.size, 1) }.text
      return try log.signed(text, by: log.dev, as: Entry.keyName(origin: "elsewhere", member: log.dev.id))
    },
    FoldCase("no signature", stops: true) { log in
      try log.draft(.logVerify, log.dev) { $0.set(.size, 1) }.text + [0x0a]
    },
    FoldCase("a stranger's signature before a member's", stops: true) { log in
      let text = try log.draft(.logVerify, log.dev) { $0.set(.size, 1) }.text
      return try log.signed(text, by: log.eve) + log.signed(text, by: log.dev).dropFirst(text.count + 1)
    },
    .text("a version that nobody knows", stops: true, "custody-entry/v1", "custody-entry/v2"),
    .text("a version behind a mark of order", stops: true, "custody-entry/v1", "\u{feff}custody-entry/v1"),
    .text("a longer version", stops: true, "custody-entry/v1\n", "custody-entry/v1 \n"),
    .text("an empty line that ends the text early", stops: true, "outcome ok\n", "outcome ok\n\n"),
    FoldCase("an entry that no tile holds", stops: true) { log in
      let text = try log.draft(.logVerify, log.dev) { $0.set(.size, 1) }.text
      return try log.signed(text + Array(("zzz " + String(repeating: "a", count: 66_000) + "\n").utf8), by: log.dev)
    },
    FoldCase("bytes that are no entry", stops: true) { _ in Array("hello\n".utf8) },
  ]

  static let grammar: [FoldCase] = [
    .text("an unknown action", "action log.verify", "action log.borrow"),
    .text("an unknown detail", "size 3", "colour blue\nsize 3"),
    .text("a detail twice", "size 3", "size 3\nsize 3"),
    .text("a detail of another action", "size 3", "count 1\nsize 3"),
    .text("a detail out of order", "size 3", "size 3\ncount 1"),
    .text("a required detail that is missing", "size 3\n", ""),
    .text("a number with a zero before it", "size 3", "size 03"),
    .text("a number that is too large", "size 3", "size 18446744073709551616"),
    .text("a line without a value", "size 3", "size"),
    .text("a line with CR", "size 3\n", "size 3\r\n"),
    .text("an unknown outcome", "outcome ok", "outcome fine"),
    .text("details of what did not take place", "outcome ok", "outcome denied"),
    .text("a time with another zone", "Z\nactor", "+00:00\nactor"),
    .text("header lines out of order", "outcome ok\nsize 3", "size 3\noutcome ok"),
    .text("a version and nothing else of an entry", "\nlog ", "\n"),
    FoldCase("two signatures") { log in
      let text = try log.draft(.logVerify, log.dev) { $0.set(.size, 1) }.text
      return try log.signed(text, by: log.dev) + log.signed(text, by: log.ada).dropFirst(text.count + 1)
    },
    FoldCase("something behind the signature") { log in
      try log.entry(.logVerify, log.dev) { $0.set(.size, 1) } + Array("— more\n".utf8)
    },
    FoldCase("an entry that is too long") { log in
      let text = try log.draft(.logVerify, log.dev) { $0.set(.size, 1) }.text
      return try log.signed(text + Array(("zzz " + String(repeating: "a", count: 17_000) + "\n").utf8), by: log.dev)
    },
    FoldCase("bytes that are no text") { log in
      let text = try log.draft(.logVerify, log.dev) { $0.set(.size, 1) }.text
      return try log.signed(text + Array("wörter ".utf8) + [0xff, 0xfe, 0x0a], by: log.dev)
    },
    FoldCase("text that turns round, not escaped") { log in
      try log.entry(.logExport, log.dev) { draft in
        draft.set(.size, 1)
        draft.set(.count, 1)
        draft.set(.format, Array("cs\u{202e}v".utf8))
      }
    },
    FoldCase("half of a group") { log in
      try log.entry(.connectorRetire, log.dev) { draft in
        log.reason(&draft, log.own)
        draft.set(.item, log.own)
      }.replacing("sealed-reason-sha256", in: log)
    },
    FoldCase("a note without the generation of its key") { log in
      try log.entry(.connectorRetire, log.dev) { draft in
        log.reason(&draft, log.own)
        draft.set(.item, log.own)
      }.replacing("metadata-generation", in: log)
    },
    FoldCase("a generation of a metadata key, and no note") { log in
      try log.entry(.connectorRetire, log.dev) { draft in
        draft.set(.item, log.own)
        draft.set(.metadataGeneration, 1)
      }
    },
    FoldCase("IDs in descending order") { try $0.leavingOut { Array($0.reversed()) } },
    FoldCase("an ID twice") { try $0.leavingOut { [$0[0], $0[0]] } },
    FoldCase("IDs with two spaces between") { try $0.leavingOut { [$0[0], "", $0[1]] } },
  ]

  static let headers: [FoldCase] = [
    FoldCase("a counter that skips one") { try $0.verify { $0.seq += 1 } },
    FoldCase("a counter that stands still") { try $0.verify { $0.seq -= 1 } },
    FoldCase("another log's origin in the text") { try $0.verify { $0.origin = "elsewhere" } },
    FoldCase("another root that was seen") { try $0.verify { $0.seen = Seen(size: $0.seen.size, root: .init(one)) } },
    FoldCase("a later size that was seen") {
      try $0.verify { $0.seen = Seen(size: $0.seen.size + 1, root: $0.seen.root) }
    },
    FoldCase("an entry within another's transaction") { log in
      let before = log.history
      try log.add(.logVerify, log.ada) { $0.set(.size, 1) }
      var copy = before
      return try log.verify { $0.seen = copy.head() }
    },
    FoldCase("an entry that goes on with a transaction that a void entry broke off") { log in
      var before = log.history
      try log.add(.logVerify, log.dev) { $0.set(.size, 1) }
      try log.put(log.entry(.tokenRetire, log.rob) { $0.set(.item, log.token) })
      return try log.verify { $0.seen = before.head() }
    },
    FoldCase("signed by another than its actor") { log in
      let text = try log.draft(.logVerify, log.ada) { $0.set(.size, 1) }.text
      return try log.signed(text, by: log.dev)
    },
    FoldCase("a developer who retires a token") {
      try $0.entry(.tokenRetire, $0.dev) { [log = $0] in $0.set(.item, log.token) }
    },
    FoldCase("an auditor who retires a connector") { log in
      try log.entry(.connectorRetire, log.audrey) { $0.set(.item, log.own) }
    },
    FoldCase("a machine that may only exchange, and reveals") { log in
      try log.entry(.tokenReveal, log.rob) { draft in
        log.use(&draft, log.token)
        draft.set(.how, "pipe")
      }
    },
  ]
}

private let one = Array(repeating: UInt8(1), count: 32)

extension Digest {
  fileprivate init(_ bytes: [UInt8]) { self = Digest(bytes[...]) ?? SHA256.hash([]) }
}

extension CaseLog {
  /// dev's log.verify with another header.
  func verify(_ change: (inout EntryHeader) -> Void) throws -> [UInt8] {
    try entry(.logVerify, dev) { draft in
      draft.set(.size, 1)
      change(&draft.header)
    }
  }

  /// dev's rekey without ada and dan, whose IDs are written in some way.
  func leavingOut(_ write: ([String]) -> [String]) throws -> [UInt8] {
    let ids = [ada.id.hex, dan.id.hex].sorted()
    return try entry(.connectorRekey, dev) { draft in
      value(&draft, connector, isNew: false)
      draft.set(.without, Array(write(ids).joined(separator: " ").utf8))
    }
  }
}

extension [UInt8] {
  /// Without the line of a detail, and signed again by dev.
  fileprivate func replacing(_ key: String, in log: CaseLog) throws -> [UInt8] {
    let text = String(decoding: self, as: UTF8.self).components(separatedBy: "\n\n")[0]
    let lines = text.components(separatedBy: "\n").filter { !$0.hasPrefix(key + " ") }
    return try log.signed(Array((lines.joined(separator: "\n") + "\n").utf8), by: log.dev)
  }
}
