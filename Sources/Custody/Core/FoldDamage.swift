/// Rows of this machine's kept fold, or of one in the making, can't be read.
struct FoldDamage: Error {}
