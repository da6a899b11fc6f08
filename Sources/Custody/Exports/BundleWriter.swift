public import CustodySystem
public import CustodyEvidence
internal import CustodyCrypto
internal import CustodyLog
internal import CustodyValues
internal import CustodyStore

extension Session {
  /// Writes an evidence bundle: a new folder, or an archive if the name ends in `.tar`. It covers the log before its
  /// own entry, or up to an earlier checkpoint. A bundle of the whole log at one size always has the same bytes. A
  /// bundle of a part has a scope that the exporter signs.
  ///
  /// - Parameters:
  ///   - filter: the entries to export.
  ///   - size: the size of an earlier checkpoint to end at, in entries.
  ///   - place: the path of the folder or archive, which must not exist.
  ///   - progress: is told how much is done, of how much.
  /// - Returns: the extent of the export.
  /// - Throws: ``VaultError``: `notFound` if there is no such checkpoint, `alreadyExists`, `integrity`.
  public func exportBundle(
    _ filter: LogFilter, below size: UInt64? = nil, to place: String,
    progress: @escaping ProgressReport = { _, _ in }
  ) throws(VaultError) -> Exported {
    try translating {
      let folder = try BundleFolder(place)
      let extent = try core.recordExport(as: "bundle", isEvidence: true) {
        if let size { try core.requireCheckpoint(size) }
        return try LogExtent(core, filter, below: size, progress)
      }
      try core.reading { try BundleWriter(core, extent, folder).run() }
      try folder.finish()
      return Exported(extent)
    }
  }
}

extension Core {
  /// Requires a checkpoint of this size, because only a checkpoint proves how long the log was.
  fileprivate func requireCheckpoint(_ size: UInt64) throws {
    guard try size > history.size || store.checkpoint(size: size) == nil else { return }
    var (below, above): (UInt64?, UInt64?) = (nil, nil)
    try store.eachCheckpoint { row in
      guard row.size <= history.size else { return }
      if row.size < size { below = row.size } else if above == nil { above = row.size }
    }
    let nearest = [below, above].compactMap { $0.map(String.init) }.joined(separator: " and ")
    throw VaultError(
      .notFound, "there is no checkpoint of \("entry".counted(size))", subject: "\(size)",
      hint: "the nearest are of \(nearest) entries: \(step: .give(.size(below ?? above ?? 0)))")
  }
}

/// Writes a bundle's files, in one pass over the log.
private struct BundleWriter {
  private let pass: ExportPass
  private let folder: BundleFolder
  private let head: SignedHead
  private var extent: LogExtent { pass.extent }

  init(_ core: Core, _ extent: LogExtent, _ folder: BundleFolder) throws {
    guard let head = extent.checkpoint else { throw VaultError(.integrity, "the log has no checkpoint") }
    (pass, self.folder, self.head) = (ExportPass(core, extent), folder, head)
  }

  func run() throws {
    try folder.put("checkpoint", head.note.bytes)
    var roll = ActorRoll()
    var sample: BundleSample?
    let (disclosed, scope) = try writeLines(
      void: { roll.note($0.author.id, at: $0.position) },
      { line, part, number in
        roll.note(line)
        if part == .entry { sample = BundleSample(line, number) }
      })
    if let scope { try folder.put("scope", scope.note.bytes) }
    try folder.put("actors.txt", roll.text(among: extent.history.members, origin: head.checkpoint.origin))
    try folder.put("tlog-policy", roll.policy(of: head, among: extent.history.members).bytes)
    let texts = BundleTexts(
      head: head, sample: sample, scope: scope.flatMap { ScopeReport($0.scope, among: extent.history.members) },
      disclosed: disclosed, voids: extent.history.voidCount)
    try folder.put("VERIFY.txt", Array(texts.verify.utf8))
    try folder.put("limits.txt", Array(texts.limits.utf8))
  }

  /// Writes the files of lines.
  /// - Parameter note: takes each line of log.jsonl, with its number from 1.
  /// - Returns: the number of disclosures, and the scope that the exporter signs for a part.
  private func writeLines(
    void: (VoidLine) -> Void, _ note: (LogLine, LogPart, Int) -> Void
  ) throws -> (disclosed: Int, scope: SignedScope?) {
    let (json, csv) = (try folder.file("log.jsonl"), try folder.file("log.csv"))
    let names = try folder.file("disclosed.jsonl")
    var tiles = TileWriter { [folder] in try folder.put($0.path, $1) }
    var (number, disclosed) = (0, 0)
    try csv.write(CSV.header)
    let closing = try pass.eachJSONLine(
      void: { line in
        number += 1
        void(line)
        try csv.write(CSV.row(line))
        try tiles.append(line.bytes)
      },
      note: { line, part, proof in
        number += 1
        note(line, part, number)
        if part == .entry { try csv.write(CSV.row(line)) }
        if let proof {
          try folder.put(LogProof.name(line.position), LogProof(line, proof, head.note).bytes)
        } else {
          try tiles.append(line.entry.bytes)
        }
      },
      disclosed: {
        try names.write($0)
        disclosed += 1
      }, to: { try json.write($0) })
    try json.write(closing.line)
    for file in [json, csv, names] { try file.close() }
    if extent.isWhole { try finish(&tiles) }
    return (disclosed, closing.scope)
  }

  private func finish(_ tiles: inout TileWriter) throws {
    try tiles.finish()
    guard tiles.tree.root == head.checkpoint.root else {
      throw VaultError(.integrity, "the log's entries do not make the root of its checkpoint")
    }
  }
}
