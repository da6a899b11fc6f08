import ArgumentParser
import Custody
import CustodyExchange
import CustodyJSON
import CustodyLog
import CustodySystem
import CustodyValues

struct Inject: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inject", abstract: "Fills a template's references with values.",
    discussion: """
      A reference is custody://TENANT/CONNECTOR/FIELD or custody://CONNECTOR/FIELD, with the fields of "custody exec"; in \
      {{…}} where other text follows at once. One that is wrong is named with its line and column, and nothing is \
      written. Each value is fetched once, however often it stands there.
      """)

  @OptionGroup var options: GlobalOptions
  @Argument(help: "The template; standard input where none is named.", completion: .file()) var file: String?
  @OptionGroup var output: SecretOutput
  @Option(help: ArgumentHelp("Write to this open descriptor.", valueName: "number")) var fd: Int32?
  @OptionGroup var exchange: ReferenceOptions

  func validate() throws {
    if fd != nil, output.output != nil { throw ValidationError("--output and --fd exclude each other") }
  }

  func run() throws {
    guard !options.json || output.output != nil || fd.map({ $0 != 1 }) ?? false else {
      throw VaultError(
        .usage, "the filled template goes to standard output, where --json would be", hint: "name a file: --output PATH"
      )
    }
    let template = try parsed(read())
    let outlet = try StreamOutlet.to(output, descriptor: fd)
    let session = try options.unlock()
    try Console.counting("checking references") { progress in
      for (number, (reference, offset)) in template.references.enumerated() {
        do throws(VaultError) { try session.check(reference) } catch {
          throw error.placed(template.place(of: offset))
        }
        progress(UInt64(number + 1), UInt64(template.references.count))
      }
    }
    let asked = exchange.options
    let values = try Console.counting("fetching values") {
      try session.values(of: template.references.map(\.reference), how: outlet.how, asked, progress: $0)
    }
    var stream = try GuardedStream(outlet)
    try template.fill(template.references.compactMap { values[$0.reference] }) {
      try stream.write($0)
    } secret: {
      try stream.write($0)
    }
    try stream.finish()
    Console.say("filled \("reference".counted(template.useCount)) with \("value".counted(template.references.count))")
    guard options.json else { return }
    var particulars = Particulars()
    particulars.add("references", .integer(UInt64(template.useCount)))
    particulars.add("values", .integer(UInt64(template.references.count)))
    particulars.add("output", output.output)
    try particulars.print(json: true)
  }

  private func read() throws -> [UInt8] {
    do {
      guard let file else { return try PlainInput.read(descriptor: 0, limit: Template.limit) }
      return try PlainInput.file(file, limit: Template.limit)
    } catch InputError.tooLong {
      throw VaultError(
        .badInput, "the template has more than \(Template.limit >> 20) MiB", hint: "split it, and fill the parts")
    }
  }

  private func parsed(_ bytes: [UInt8]) throws -> Template {
    do { return try Template(bytes) } catch {
      let place = Template.place(of: error.offset, in: bytes)
      throw VaultError(
        .badInput,
        "\(place.line):\(place.column): \"\(PrintableText.escape(error.text))\" is not a reference; nothing is written",
        hint: "write custody://TENANT/CONNECTOR/FIELD, in {{…}} if text follows; fields: \(Reference.fields)")
    }
  }
}

extension VaultError {
  fileprivate func placed(_ place: Template.Place) -> VaultError {
    VaultError(
      code, "\(place.line):\(place.column): \(reason); nothing is written", subject: subject, hint: hint)
  }
}
