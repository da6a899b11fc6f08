internal import Custody
internal import CustodySecrets
internal import CustodyValues

/// A strict parser of RFC 4180: commas between fields, CRLF or LF after records, quotes around fields that contain one
/// of these or a quote.
///
/// A quote inside an unquoted field, or text after a closing quote, is an error.
struct CSVText {
  struct Field: Sendable {
    let range: Range<Int>
    let escape: SecretPlace.Escape
  }

  enum Fault: String {
    case quoteInside = "a quote stands in a field that does not begin with one"
    case behindQuote = "something stands behind a closing quote"
    case unclosed = "a quote is never closed"
    case loneReturn = "a carriage return stands without a line feed"
  }

  struct Failure: Error {
    let fault: Fault
    let row: Int
    let column: Int
  }

  private let usesBackslash: Bool
  private var position = 0
  private(set) var row = 1
  private var column = 1

  /// Begins at an offset. `usesBackslash`: quotes are escaped by a backslash instead of doubled, as KeePass 1.x writes
  /// them.
  init(after start: Int, usesBackslash: Bool = false, row: Int = 1) {
    (position, self.usesBackslash, self.row) = (start, usesBackslash, row)
  }

  var end: Int { position }

  /// Reads the next record. Nil at the end; a line end after the last record begins no empty one.
  mutating func record(of source: borrowing SecureBytes) throws(Failure) -> [Field]? {
    guard position < source.count else { return nil }
    var fields: [Field] = []
    column = 1
    while true {
      fields.append(try field(of: source))
      switch source.byte(at: position) {
      case UInt8(ascii: ","):
        position += 1
        column += 1
      case 0x0D where source.byte(at: position + 1) == 0x0A:
        position += 2
        return end(fields)
      case 0x0A:
        position += 1
        return end(fields)
      case .none: return end(fields)
      default: throw failure(.behindQuote)
      }
    }
  }

  private mutating func end(_ fields: [Field]) -> [Field] {
    row += 1
    return fields
  }

  private mutating func field(of source: borrowing SecureBytes) throws(Failure) -> Field {
    if source.byte(at: position) == UInt8(ascii: "\"") { return try quoted(source) }
    let start = position
    while let byte = source.byte(at: position), byte != UInt8(ascii: ","), byte != 0x0A {
      guard byte != UInt8(ascii: "\"") else { throw failure(.quoteInside) }
      if byte == 0x0D {
        guard source.byte(at: position + 1) == 0x0A else { throw failure(.loneReturn) }
        break
      }
      position += 1
    }
    return Field(range: start..<position, escape: .none)
  }

  private mutating func quoted(_ source: borrowing SecureBytes) throws(Failure) -> Field {
    position += 1
    let start = position
    while let byte = source.byte(at: position) {
      if usesBackslash, byte == UInt8(ascii: "\\") {
        position += 2
      } else if byte != UInt8(ascii: "\"") {
        position += 1
      } else if !usesBackslash, source.byte(at: position + 1) == byte {
        position += 2
      } else {
        position += 1
        return Field(range: start..<position - 1, escape: usesBackslash ? .backslash : .doubled)
      }
    }
    throw failure(.unclosed)
  }

  private func failure(_ fault: Fault) -> Failure { Failure(fault: fault, row: row, column: column) }
}
