import Testing

struct ShapeTests {
  @Test(arguments: House.swift) func `a file holds one idea and at most 400 lines`(file: House.File) {
    #expect(file.text.split(separator: "\n", omittingEmptySubsequences: false).count <= 401)
  }

  @Test(arguments: House.swift) func `a function has at most 60 lines`(file: House.File) {
    for function in SwiftText(file.text).functions {
      #expect(function.length <= 60, "\(file.path):\(function.line) \(function.name)")
    }
  }

  @Test func `nothing promises to be done later`() {
    let words = ["TO" + "DO", "FIX" + "ME", "not " + "implemented", "un" + "implemented"]
    for file in House.sources + House.files(in: "Sources", ending: ".c", ".h")
      + House.files(in: "Migrations", ending: ".sql")
    {
      for word in words { #expect(!file.text.lowercased().contains(word.lowercased()), "\(file.path): \(word)") }
    }
  }

  @Test func `no source traps on what it did not make`() {
    for file in House.sources {
      let code = SwiftText(file.text).code
      for trap in ["try!", "as!", "fatalError(", "uniqueKeysWithValues:"] {
        #expect(!code.contains(trap), "\(file.path): \(trap)")
      }
      // A value that is taken for granted: `a!`, `a()!`, `a[0]!`; not `!a` and `a != b`.
      let taken = code.matches(of: /[A-Za-z0-9_)\]]!(?!=)/)
      #expect(taken.isEmpty, "\(file.path): \(taken.map(\.output))")
    }
  }

  /// libdispatch waits for ever where no thread can be started, and Swift's own reading of arguments finds none where /proc is
  /// missing: ours are `WorkerThreads` and `ProcessArguments`.
  @Test func `threads and arguments are those that fail aloud`() {
    for file in House.sources where !file.path.hasPrefix("Sources/KaizalaSandbox/") {
      let code = SwiftText(file.text).code
      for name in ["DispatchQueue", "DispatchSource", "CommandLine."] {
        #expect(!code.contains(name), "\(file.path): \(name)")
      }
    }
  }

  /// A pipe in the place of a file would hold whoever opens it for ever. What may be one, since a person names it, is opened
  /// by two functions; a folder and a terminal are none.
  @Test func `whatever is opened is opened without waiting`() {
    let mayWait = ["PlainInput.swift": 1, "Input.swift": 1]
    for file in House.files(in: "Sources", ending: ".swift")
    where !file.path.hasPrefix("Sources/KaizalaSandbox/") {
      let lines = SwiftText(file.text).code.split(separator: "\n")
      let waiting = lines.filter { line in
        line.contains("O_R") && line.contains("O_CLOEXEC")
          && !["O_NONBLOCK", "O_DIRECTORY", "O_NOCTTY", "O_EXCL"].contains { line.contains($0) }
      }
      #expect(waiting.count == mayWait[file.name, default: 0], "\(file.path): \(waiting)")
    }
  }

  /// The words of a type's name: `HTTPTransport` is HTTP and Transport.
  static func humps(_ name: Substring) -> [String] {
    var humps: [String] = []
    let letters = Array(name)
    for (index, letter) in letters.enumerated() {
      let next = index + 1 < letters.count ? letters[index + 1] : "A"
      let previous = index > 0 ? letters[index - 1] : "a"
      if humps.isEmpty || (letter.isUppercase && (!previous.isUppercase || next.isLowercase)) { humps.append("") }
      humps[humps.count - 1].append(letter)
    }
    return humps
  }

  static func types(_ text: String) -> [Substring] {
    let pattern = /\b(?:struct|class|enum|actor|protocol|typealias)\s+([A-Z]\w*)/
    return SwiftText(text).code.matches(of: pattern).map(\.output.1)
  }

  @Test(arguments: House.sources) func `a type is named for what it is`(file: House.File) {
    let empty: Set<String> = ["Manager", "Helper", "Helpers", "Util", "Utils", "Service", "Handler", "Info"]
    for name in Self.types(file.text) {
      let humps = Self.humps(name)
      // A data key is a thing; `ItemData` is not.
      #expect(empty.isDisjoint(with: humps) && humps.last != "Data", "\(file.path): \(name)")
    }
  }

  @Test func `names fall into their words`() {
    #expect(Self.humps("HTTPTransport") == ["HTTP", "Transport"])
    #expect(Self.humps("KeyInfo") == ["Key", "Info"])
    #expect(Self.humps("SQLiteStatement") == ["SQ", "Lite", "Statement"])
    #expect(Self.types("struct A: B { enum CInfo {} } // class D") == ["A", "CInfo"])
  }

  @Test func `functions are measured past strings, comments and interpolations`() {
    let text = """
      protocol P {
        func one()
        func two(_ body: () -> Void) -> Int
      }
      struct S {
        init() { x = "}" }
        func `a } name`() {
          // }
          let a = "\\(b.map { "}" }) {"
          let c = #"\\("#
          /* } /* } */ } */
        }
        func last(
          a: Int = f({ 1 })
        ) -> Int {
          S.init()
          return 1
        }
        deinit {
        }
      }
      """
    let found = SwiftText(text).functions
    #expect(found.map(\.length) == [1, 6, 6, 2])
    #expect(found.map(\.line) == [6, 7, 13, 19])
    #expect(found.map(\.name) == ["init", "func", "last", "deinit"])
  }

  @Test func `long functions and hidden words are found`() {
    let body = String(repeating: "  f()\n", count: 60)
    #expect(SwiftText("func f() {\n\(body)}\n").functions.map(\.length) == [62])
    #expect(
      SwiftText("let a = \"unsafe\" // unsafe\nlet b = unsafe c").code.split(separator: " ").count { $0 == "unsafe" }
        == 1)
  }
}
