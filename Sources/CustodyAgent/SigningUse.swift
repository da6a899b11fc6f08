/// Selects which of a member's keys signs.
enum SigningUse: UInt64 { case entry = 1, checkpoint, cosignature }
