import CustodyJSON
import Testing

/// The line and column of a value, to show to the text's author.
@Suite struct JSONPlaceTests {
  static let text = """
    {
      "ä": [1, {"b.c": 2}],
      "d": {
        "e": null
      }
    }
    """

  @Test(
    arguments: [
      ([], 1, 1), (["ä"], 2, 3), (["ä", "0"], 2, 9), (["ä", "1", "b.c"], 2, 13), (["ä", "2"], 2, 3),
      (["d", "e"], 4, 5),
      (["d", "x", "y"], 3, 3), (["d", "e", "f"], 4, 5), (["nothing"], 1, 1),
    ] as [([String], Int, Int)])
  func `a way that ends early leads to the last value on it`(steps: [String], line: Int, column: Int) throws {
    let place = try JSONPlace(of: JSONPath(steps: steps), in: Array(Self.text.utf8))
    #expect((place.line, place.column) == (line, column))
  }

  @Test func `lines and columns are counted in characters from one`() {
    let bytes = Array("ä\nöx\n".utf8)
    let places = (0...bytes.count).map { JSONPlace(offset: $0, in: bytes) }.map { [$0.line, $0.column] }
    #expect(places == [[1, 1], [1, 2], [1, 2], [2, 1], [2, 2], [2, 2], [2, 3], [3, 1]])
    #expect(JSONPlace(offset: 99, in: bytes).line == 3)
  }
}
