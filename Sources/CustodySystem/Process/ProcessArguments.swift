internal import CUnix

/// The arguments of this process. `CommandLine` is not used, because Swift's runtime silently finds none if `/proc`
/// is missing and a preloaded library has moved the environment.
package enum ProcessArguments {
  /// All arguments, the program's own name first. Empty if the kernel gave not even that.
  package static let all: [String] = (0..<count).compactMap { place in
    guard let text = unsafe values?[place] else { return nil }
    return unsafe String(cString: text)
  }

  /// The arguments behind the program's own name.
  package static var typed: ArraySlice<String> { all.dropFirst() }

  static var count: Int { Int(cunix_argument_count()) }
  static var values: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? { unsafe cunix_arguments() }
}
