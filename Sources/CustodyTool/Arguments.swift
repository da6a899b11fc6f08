public import ArgumentParser
public import Custody
public import CustodyLog

// What the library's words are on the command line: their raw values.
extension Role: ExpressibleByArgument {}
extension Reach: ExpressibleByArgument {}
extension Action: ExpressibleByArgument {}
extension LogFormat: ExpressibleByArgument {}
