import ArgumentParser
import Custody
import CustodyExchange
import CustodyJSON
import CustodyLog

extension Session {
  func revision(_ kind: ItemKind, _ name: String) throws -> UInt64 {
    try knownItem(kind, name).revision
  }
}
