internal import CustodyCrypto
internal import CustodyValues

/// One Ed25519 signature that has to hold for what was folded to count.
package struct SignatureCheck: Sendable {
  let signature: [UInt8]
  let text: [UInt8]
  let key: VerifierKey
  /// What it means that this one does not hold.
  package let fault: HistoryFault

  package var holds: Bool { Signature.verify(signature, text, key: key.publicKey) }
}
