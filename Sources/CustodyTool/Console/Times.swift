import ArgumentParser
import Custody
import CustodyExchange
import CustodyJSON
import CustodyLog
import CustodyValues

enum Times {
  static func parse(_ text: String, _ edge: Timestamp.DateEdge) throws -> Timestamp {
    do { return try Timestamp(typed: text, date: edge) } catch {
      throw VaultError(
        .badInput, "\"\(PrintableText.escape(text))\" is not a time",
        hint: "write 2027-11-01, or 2027-11-01T09:30:00Z")
    }
  }
}
