internal import CustodyCrypto
internal import CustodyValues

/// The HTML report: one file for people with the JSON Lines export and a page that verifies and shows it. It fetches
/// nothing.
package enum HTMLReport {
  /// Everything before the lines. The page's policy names its one script and one style by their hashes, so that nothing
  /// in the lines can run.
  package static let head = part(0)
  /// Everything after the lines.
  package static let tail = part(1)

  private static func part(_ number: Int) -> [UInt8] {
    let page = text(PackageResources.report_html)
      .replacing("{policy}", with: policy).replacing("{style}", with: style).replacing("{script}", with: script)
    return Array(page.split(separator: "{lines}", maxSplits: 1)[number].utf8)
  }

  /// The scripts that parse and verify the lines, and show nothing. Each uses only those before it.
  package static let checks = [
    PackageResources.parsing_js, PackageResources.grammar_js, PackageResources.tree_js, PackageResources.keys_js,
    PackageResources.verifying_js, PackageResources.scope_js, PackageResources.folding_js, PackageResources.members_js,
    PackageResources.folds_js, PackageResources.besides_js,
  ].map(text)
  private static let views = [
    PackageResources.elements_js, PackageResources.sections_js, PackageResources.pictures_js,
    PackageResources.log_table_js, PackageResources.start_js,
  ].map(text)

  private static let script = "\n'use strict';\n" + (checks + views).joined(separator: "\n")
  private static let style = "\n" + text(PackageResources.report_css)

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  /// Escapes a line of JSON so that it can't end the element that contains it. The escaped characters occur only in
  /// JSON's strings.
  package static func line(_ json: [UInt8]) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(json.count + 16)
    for (place, byte) in json.enumerated() {
      switch byte {
      case 0x3c: out += Array("\\u003c".utf8)
      case 0x3e: out += Array("\\u003e".utf8)
      case 0x26: out += Array("\\u0026".utf8)
      case 0xe2 where isLineSeparator(json[place...]): out += Array("\\u202".utf8)
      case 0x80 where place > 0 && isLineSeparator(json[(place - 1)...]): continue
      case 0xa8 where place > 1 && isLineSeparator(json[(place - 2)...]): out.append(0x38)
      case 0xa9 where place > 1 && isLineSeparator(json[(place - 2)...]): out.append(0x39)
      default: out.append(byte)
      }
    }
    return out
  }

  /// True at U+2028 or U+2029.
  private static func isLineSeparator(_ bytes: ArraySlice<UInt8>) -> Bool {
    bytes.starts(with: [0xe2, 0x80, 0xa8]) || bytes.starts(with: [0xe2, 0x80, 0xa9])
  }

  private static let policy =
    "default-src 'none'; script-src '\(hash(script))'; style-src '\(hash(style))'; base-uri 'none'; form-action 'none'"

  private static func hash(_ text: String) -> String {
    "sha256-" + String(decoding: Base64.encode(SHA256.hash(Array(text.utf8)).bytes), as: UTF8.self)
  }
}
