import CustodyEvidence
import CustodyImport
public import ArgumentParser
internal import Custody
public import CustodyLog
public import CustodyValues

// Library values as arguments: their raw values.
extension Role: ExpressibleByArgument {}
extension Reach: ExpressibleByArgument {}
extension Action: ExpressibleByArgument {}
extension LogFormat: ExpressibleByArgument {}
extension ImportFormat: ExpressibleByArgument {}

extension TimeSpan: ExpressibleByArgument {
  public init?(argument: String) { self.init(typed: argument) }
  public var defaultValueDescription: String { text }
}
