internal import CUnix

/// The version of this release, named here only.
package enum Release {
  package static let version = "0.1.0"

  /// The version with the commit, if the build was told of one: `0.1.0 (c755c94)`.
  package static var versionAndCommit: String {
    let commit = unsafe String(cString: cunix_commit())
    return commit.isEmpty ? version : "\(version) (\(commit))"
  }
}
