internal import CustodySystem
internal import CustodyValues

/// The JSON Lines in an HTML report, and whether the page around them is what this version writes. Another page or
/// script could show anything for the same lines.
struct ReportLines {
  let lines: FileSlice
  let isPageKnown: Bool

  private static let marker = Array("<script type=\"application/jsonl\" id=\"log\">\n".utf8)
  private static let end = Array("</script>".utf8)

  /// Nil if the page has no log.
  init?(_ page: FileSlice) throws {
    var source = page.lines()
    var (place, isKnown) = (0, false)
    repeat {
      guard let line = try source.next() else { return nil }
      place += line.count
      if line == Self.marker.dropLast() + [0x0d, 0x0a] { throw AlteredText.lineEnds.error("the report") }
      if line == Self.marker { break }
    } while true
    isKnown = try page.read(at: 0, count: place) == HTMLReport.head
    var scratch = try ScratchFile()
    var waiting: [UInt8] = []
    while let line = try source.next(), !line.starts(with: Self.end) {
      let bare = Self.undone(line)
      isKnown = isKnown && HTMLReport.line(bare) == line
      place += line.count
      waiting += bare
      guard waiting.count >= 1 << 18 else { continue }
      try scratch.put(waiting)
      waiting.removeAll(keepingCapacity: true)
    }
    try scratch.put(waiting)
    let rest = page.size - place
    isPageKnown = try isKnown && rest == HTMLReport.tail.count && page.read(at: place, count: rest) == HTMLReport.tail
    lines = FileSlice(try scratch.reader())
  }

  /// Reverses the escapes of `<`, `>` and `&` by `HTMLReport.line`. The line separators that it escapes too never
  /// appear unescaped in JSON Lines.
  private static func undone(_ line: [UInt8]) -> [UInt8] {
    var (out, rest) = ([UInt8](), line[...])
    out.reserveCapacity(line.count)
    while let byte = rest.first {
      var length = 1
      if byte == 0x5c {
        let escape = String(decoding: rest.prefix(6), as: UTF8.self)
        if let character = ["\\u003c": UInt8(0x3c), "\\u003e": 0x3e, "\\u0026": 0x26][escape] {
          out.append(character)
          rest = rest.dropFirst(6)
          continue
        }
        length = 2
      }
      out += rest.prefix(length)
      rest = rest.dropFirst(length)
    }
    return out
  }
}
