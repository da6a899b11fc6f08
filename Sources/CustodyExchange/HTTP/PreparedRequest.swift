internal import CustodyJSON
internal import CustodySecrets
internal import CustodyValues

/// A request's header lines and body, written in guarded memory, and the scrubber for the secrets in them.
struct PreparedRequest: ~Copyable {
  let headers: SecureBytes
  let body: SecureBytes
  let scrubber: Scrubber
}
