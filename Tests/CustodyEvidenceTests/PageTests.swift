import CustodyTesting
import Foundation
import Testing

/// The script of the HTML report, where there is a Node to run it.
struct PageTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Page")
  private static let hasNode = (try? Products.run("/usr/bin/env", ["node", "--version"]))?.status == 0

  @Test(.enabled("needs Node", { hasNode }))
  func `the checks of the page hold by themselves`() throws {
    let test = Self.folder.appendingPathComponent("page.test.mjs").path
    let (status, output) = try Products.run("/usr/bin/env", ["node", "--test", test])
    #expect(status == 0, "\(output)")
    #expect(output.contains("fail 0"), "\(output)")
  }
}
