internal import CustodyLog
internal import CustodySystem
internal import CustodyValues

/// Evidence at a path, opened by its contents, not its name.
struct FoundEvidence {
  /// The nesting of a file. A bundle may be packed once and compressed once; anything deeper is refused.
  private enum Layer: Comparable { case file, uncompressed, inArchive }

  let source: any EvidenceSource
  /// True if the page of an HTML report is what this version writes around its lines. Nil for other evidence.
  let isPageKnown: Bool?

  init(_ path: String) throws {
    do {
      if try FileStatus(path).kind == .folder {
        self.init(try BundleFiles(folder: path).source(path), nil)
      } else {
        try self.init(FileSlice(FileReader(path)), path, .file)
      }
    } catch let error as SystemError {
      throw EvidenceError(
        error.isMissing ? .missing : .failed,
        "cannot read \"\(PrintableText.escape(path))\": \(error.text)", subject: path,
        hint: FileKind.accepted)
    } catch is FileLines.TooLong {
      throw EvidenceError.broken("a line of it has more than \(FileLines.limit) bytes")
    } catch let fault as ArchiveFault { throw fault.error(path) }
  }

  private init(_ source: any EvidenceSource, _ isPageKnown: Bool?) {
    (self.source, self.isPageKnown) = (source, isPageKnown)
  }

  private init(_ slice: FileSlice, _ path: String, _ layer: Layer) throws {
    let (kind, change) = try FileKind.of(slice)
    if let change { throw change.error(path) }
    switch kind {
    case .lines: self.init(try LinesSource(slice), nil)
    case .page:
      guard let report = try ReportLines(slice) else {
        throw EvidenceError.unreadable(
          "\"\(PrintableText.escape(path))\" is a page without a log in it, and no report of custody",
          "ask who gave it to you for the file itself, or for a bundle: \(FileKind.making)")
      }
      self.init(try LinesSource(report.lines), report.isPageKnown)
    case .gzip where layer == .file: try self.init(Unpacking.gunzip(slice), path, .uncompressed)
    case .zip where layer == .file: try self.init(ZipReader.files(slice), path, .uncompressed)
    case .tar where layer < .inArchive: try self.init(TarReader.files(slice), path, .inArchive)
    case .gzip, .zip, .tar: throw ArchiveFault.unsupported("another archive inside")
    default: throw kind.refusal(path, slice)
    }
  }

  /// Opens the files of a bundle, or the one file that was packed.
  private init(_ files: [ArchivedFile], _ path: String, _ layer: Layer) throws {
    if files.count == 1, let only = files.first {
      try self.init(only.content, path, layer)
    } else {
      self.init(try BundleFiles(files).source(path), nil)
    }
  }
}

extension ArchiveFault {
  func error(_ path: String) -> EvidenceError {
    let name = "\"\(PrintableText.escape(path))\""
    let unpacking: Hint = "unpack it, and name the folder: \(Self.command(path))"
    switch self {
    case .damaged(let what):
      return EvidenceError(
        .broken, "the archive \(name) is damaged: \(what)", hint: "ask who gave it to you for another copy")
    case .unsupported(let what):
      return EvidenceError.unreadable("the archive \(name) has \(what), which custody does not unpack", unpacking)
    case .zlibMissing:
      return EvidenceError.unreadable("\(name) is compressed, and this machine has no zlib (libz.so.1)", unpacking)
    case .tooLarge(let limit):
      return EvidenceError.unreadable(
        "\(name) unpacks to more than \(limit >> 20) MiB, out of proportion to what it is",
        "unpack it only if you trust who sent it, and name the folder: \(Self.command(path))")
    case .noRoom(let folder):
      return EvidenceError(
        .diskFull, "cannot unpack \(name): there is no room in \"\(PrintableText.escape(folder))\"",
        hint: "free some space, or name a folder with more in TMPDIR")
    }
  }

  private static func command(_ path: String) -> String {
    let (typed, name) = (ShellWord.quoted(path), path.lowercased())
    if name.hasSuffix(".zip") { return "unzip \(typed) -d evidence" }
    let isTar = [".tar", ".tgz", ".tar.gz"].contains { name.hasSuffix($0) }
    return isTar ? "mkdir evidence && tar xf \(typed) -C evidence" : "gunzip -k \(typed)"
  }
}
