import Foundation

/// Long sweeps over every row, point or fault. An ordinary run samples each kind by a seed that it prints; `make soak`
/// tries all.
public enum Sweep {
  private static let variables = ProcessInfo.processInfo.environment

  /// True if all cases are tried (`CUSTODY_SWEEP=whole`).
  public static let isWhole = variables["CUSTODY_SWEEP"] == "whole"
  /// The seed of the samples, from `CUSTODY_SEED`, 1 by default. A failed run is repeated with its seed.
  public static let seed = variables["CUSTODY_SEED"].flatMap { UInt64($0) } ?? 1

  /// One case of each kind, in their order; all cases in a whole sweep. The `name` varies the choice between sweeps.
  public static func some<Case, Kind: Hashable & Comparable>(
    _ cases: [Case], of kind: (Case) -> Kind, in name: String
  ) -> [Case] {
    guard !isWhole else { return cases }
    var chance = Chance(seed: name.utf8.reduce(seed) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 })
    let kinds = Dictionary(grouping: cases.indices) { kind(cases[$0]) }
    let chosen = kinds.sorted { $0.key < $1.key }.compactMap { $0.value.randomElement(using: &chance) }
    print("\(name): \(chosen.count) of \(cases.count) cases, by seed \(seed)")
    return chosen.sorted().map { cases[$0] }
  }
}
