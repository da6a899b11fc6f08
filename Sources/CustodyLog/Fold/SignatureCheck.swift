internal import CustodyCrypto
internal import CustodyValues

/// One Ed25519 signature that must verify for the fold to be valid.
package struct SignatureCheck: Sendable {
  let signature: [UInt8]
  let text: [UInt8]
  let key: VerifierKey
  /// The fault to report if it does not verify.
  package let fault: HistoryFault

  package var holds: Bool { Signature.verify(signature, text, key: key.publicKey) }
}
