internal import CUnix

/// The one place that says which version this is.
package enum Release {
  package static let version = "0.1.0"

  /// With the commit, where the build was told of it: `0.1.0 (c755c94)`.
  package static var versionAndCommit: String {
    let commit = unsafe String(cString: cunix_commit())
    return commit.isEmpty ? version : "\(version) (\(commit))"
  }
}
