internal import CustodyCrypto
internal import CustodyValues

/// One file for people: the lines of the JSON Lines export, and a page that checks and shows them. It fetches nothing.
package enum HTMLReport {
  /// Lines from elsewhere in the file cannot run: the policy names the one script and the one style by their hashes.
  package static let head: [UInt8] = Array(
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="\(policy)">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="referrer" content="no-referrer">
    <title>Custody share log</title>
    <style>\(style)</style>
    </head>
    <body>
    \(markup)
    <script type="application/jsonl" id="log">

    """.utf8)

  /// A line of JSON, in which nothing ends the element that it lies in: these only ever stand in JSON's strings.
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

  package static let tail: [UInt8] = Array("</script>\n<script>\(script)</script>\n</body>\n</html>\n".utf8)

  /// U+2028 and U+2029.
  private static func isLineSeparator(_ bytes: ArraySlice<UInt8>) -> Bool {
    bytes.starts(with: [0xe2, 0x80, 0xa8]) || bytes.starts(with: [0xe2, 0x80, 0xa9])
  }

  private static let policy =
    "default-src 'none'; script-src '\(hash(script))'; style-src '\(hash(style))'; base-uri 'none'; form-action 'none'"

  private static func hash(_ text: String) -> String {
    "sha256-" + String(decoding: Base64.encode(SHA256.hash(Array(text.utf8)).bytes), as: UTF8.self)
  }

  private static let script =
    "\n'use strict';\n"
    + [
      parsing, grammar, tree, keys, verifying, scope, folding, members, folds, besides, elements, sections, pictures,
      logTable,
      start,
    ]
    .joined()
}
