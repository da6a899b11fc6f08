internal import CUnix

/// What this process was started with. Not by `CommandLine`: Swift's runtime finds nothing, and says nothing, where `/proc`
/// is missing and a preloaded library has moved the environment.
package enum ProcessArguments {
  /// Its own name first. Empty where the kernel gave not even that.
  package static let all: [String] = (0..<count).compactMap { place in
    guard let text = unsafe values?[place] else { return nil }
    return unsafe String(cString: text)
  }

  /// Behind its own name.
  package static var typed: ArraySlice<String> { all.dropFirst() }

  static var count: Int { Int(cunix_argument_count()) }
  static var values: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? { unsafe cunix_arguments() }
}
