import Custody
import CustodyCrypto
import CustodyLog
import CustodySecrets
import CustodySystem
import CustodyValues
import Glibc

/// Times the kept fold by itself, with rows as long as those of an item with three grants, and a tag for each.
struct FoldBenchmark {
  let count: Int
  let folder: String
  private static let vault = Identifier(SHA256.hash([1]).bytes.prefix(16)) ?? .none
  private var path: String { folder + "/vault.fold" }

  /// A holder with the same vault key in every run; the data sealed here is not secret.
  private final class Holder: FoldKeyHolder {
    let arena: SecureArena
    private let key: VaultKey
    let foldEpoch: UInt64 = 1

    init() throws {
      arena = try SecureArena()
      key = try VaultKey(copying: SecureBytes(copying: [UInt8](repeating: 7, count: 32)), in: arena)
    }

    func seal(_ other: borrowing FoldKey, _ context: SealContext, epoch: UInt64) -> [UInt8] {
      key.seal(other, context)
    }
    func openFoldKey(_ sealed: [UInt8], _ context: SealContext, epoch: UInt64) throws -> FoldKey {
      try key.openKey(sealed, context, in: arena)
    }
  }

  private func digest(_ number: Int) -> [UInt8] { SHA256.hash(Array("item \(number)".utf8)).bytes }

  private func changes(_ range: Range<Int>) -> [FoldChange] {
    let item = [UInt8](repeating: 0x41, count: 420)
    return range.flatMap { number in
      let digest = digest(number)
      let id = Array(digest.prefix(16))
      return [FoldChange(table: 1, key: id, value: item), FoldChange(table: 2, key: digest, value: id)]
    }
  }

  private func head(_ size: Int) -> FoldHead {
    FoldHead(
      size: UInt64(size), root: SHA256.hash([]), counts: [1: count, 2: count], state: [UInt8](repeating: 0, count: 1000)
    )
  }

  /// Makes the fold as the first unlocking does, which adds rows in batches of 10,000.
  func make() throws {
    let holder = try Holder()
    var finished: KeptFold?
    var last = 0.0
    let begun = clock()
    let all = try measure {
      let draft = try FoldDrafting(for: path, of: Self.vault, in: holder.arena)
      for start in stride(from: 0, to: count, by: 10_000) {
        let changes = changes(start..<min(start + 10_000, count))
        draft.add(changes, counts: [1: count, 2: count], size: UInt64(start + 1))
      }
      last = measure { finished = draft.finish(head(count), holder) }
    }
    guard let finished, !finished.isDamaged else { return report("fold-failed", 1) }
    report("fold-make-a-row", all / Double(2 * count))
    report("fold-make-a-row-processor", Double(clock() - begun) / Double(2 * count))
    report("fold-finish", last)
    memory()
  }

  /// Opens, reads, saves and closes 200 times as a command does, each time in other places.
  func open() throws {
    let holder = try Holder()
    var times: [Double] = []
    var openings: [Double] = []
    var saves: [Double] = []
    let begun = clock()
    for round in 0..<200 {
      var value = 0
      openings.append(0)
      saves.append(0)
      times.append(
        measure {
          var kept: KeptFold?
          openings[round] = measure { kept = KeptFold(at: path, of: Self.vault, holder) }
          guard let kept else { return }
          let numbers = (0..<12).map { (round &* 7919 &+ $0 &* 104_729) % count }
          for number in numbers {
            value += kept.read(table: 1, key: Array(digest(number).prefix(16)))?.count ?? 0
          }
          let changes = numbers.map {
            FoldChange(
              table: 1, key: Array(digest($0).prefix(16)), value: [UInt8](repeating: UInt8(round), count: 420))
          }
          saves[round] = measure {
            if !kept.save(changes, head(Int(kept.head.size) + 10), holder) { value = 0 }
          }
          kept.close()
        })
      if value != 12 * 420 { report("fold-wrong", Double(value)) }
    }
    report("fold-first", times[0])
    report("fold-open-read-save-close-processor", Double(clock() - begun) / 200)
    for (name, all) in [("open", openings), ("save", saves), ("open-read-save-close", times)] {
      let sorted = all.sorted()
      report("fold-\(name)-median", sorted[sorted.count / 2])
      report("fold-\(name)-longest", sorted[sorted.count - 1])
    }
    memory()
    try walk(holder)
  }

  private func walk(_ holder: Holder) throws {
    guard let kept = KeptFold(at: path, of: Self.vault, holder) else { return }
    var (seen, place) = (0, [UInt8]())
    let time = measure {
      while true {
        let page = kept.page(table: 1, after: place)
        seen += page.rows.count
        guard let next = page.next else { break }
        place = next
      }
    }
    report("fold-walk-a-row", time / Double(max(1, seen)))
    memory()
  }

  /// Saves one state after another until the process is killed. In each state all rows and the head have the same
  /// number.
  func soak() throws {
    let holder = try Holder()
    while true {
      guard let kept = KeptFold(at: path, of: Self.vault, holder) else {
        try make()
        continue
      }
      let size = Int(kept.head.size) + 1
      let changes = (0..<count).map { number in
        FoldChange(
          table: 1, key: Array(digest(number).prefix(16)), value: Array(String(size).utf8))
      }
      if kept.save(changes, head(size), holder) { try Output.write(".", to: 1) }
      kept.close()
    }
  }

  /// Prints the size if the stored fold is one consistent state, otherwise `none`, `torn` or `damaged`.
  func check() throws {
    let holder = try Holder()
    guard let kept = KeptFold(at: path, of: Self.vault, holder) else { return print("none") }
    let size = String(kept.head.size)
    for number in 0..<count {
      let value = kept.read(table: 1, key: Array(digest(number).prefix(16)))
      if value.map({ String(decoding: $0, as: UTF8.self) }) != size, kept.head.size != count { return print("torn") }
    }
    print(kept.isDamaged ? "damaged" : size)
  }

  private func memory() {
    let status = (try? PlainFile.read("/proc/self/status", limit: 1 << 16)).flatMap { $0 } ?? []
    for line in String(decoding: status, as: UTF8.self).split(separator: "\n") where line.hasPrefix("VmHWM") {
      let number = line.filter(\.isNumber)
      report("fold-peak-kib", Double(number) ?? 0)
    }
  }
}
