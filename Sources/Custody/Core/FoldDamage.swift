/// Rows of the fold that this machine keeps, or makes, can't be read.
struct FoldDamage: Error {}
