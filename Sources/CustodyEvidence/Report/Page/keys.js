// Which keys a member may have: WebCrypto takes any 32 bytes.

const prime = 2n ** 255n - 19n;
const modulo = n => ((n % prime) + prime) % prime;
function power(base, exponent) {
  let result = 1n;
  for (base = modulo(base); exponent > 0n; exponent >>= 1n, base = base * base % prime) {
    if (exponent & 1n) result = result * base % prime;
  }
  return result;
}
const inverse = n => power(n, prime - 2n);
const little = bytes => bytes.reduceRight((sum, byte) => sum << 8n | BigInt(byte), 0n);
const curveD = modulo(-121665n * inverse(121666n)), rootOfMinusOne = power(2n, (prime - 1n) / 4n);
const groupOrder = 2n ** 252n + 27742317777372353535851937790883648493n;

// RFC 8032, 5.1.4, where the curve's a is -1: complete, so that it doubles too.
function addPoints([x1, y1, z1, t1], [x2, y2, z2, t2]) {
  const a = (y1 - x1) * (y2 - x2), b = (y1 + x1) * (y2 + x2), c = 2n * t1 * curveD % prime * t2, d = 2n * z1 * z2;
  const [e, f, g, h] = [b - a, d - c, d + c, b + a].map(modulo);
  return [e * f, g * h, f * g, e * h].map(modulo);
}
const isNeutral = ([x, y, z]) => x === 0n && y === z;
function multiplied(point, scalar) {
  let sum = [0n, 1n, 1n, 0n];
  for (; scalar > 0n; scalar >>= 1n, point = addPoints(point, point)) if (scalar & 1n) sum = addPoints(sum, point);
  return sum;
}

// RFC 8032, 5.1.3: nil where it is no point of the curve, or not written as that point is.
function edwardsPoint(bytes) {
  const sign = BigInt(bytes[31] >> 7), y = little(bytes) & (2n ** 255n - 1n);
  if (y >= prime) return null;
  const u = modulo(y * y - 1n), v = modulo(curveD * y * y + 1n);
  let x = modulo(u * v ** 3n) * power(u * v ** 7n, (prime - 5n) / 8n) % prime;
  if (modulo(v * x * x) !== u) x = x * rootOfMinusOne % prime;
  if (modulo(v * x * x) !== u || x === 0n && sign === 1n) return null;
  if ((x & 1n) !== sign) x = prime - x;
  return [x, y, 1n, x * y % prime];
}
// Of the main subgroup, and not its neutral element.
function isSigningKey(bytes) {
  const point = edwardsPoint(bytes);
  return point !== null && !isNeutral(point) && isNeutral(multiplied(point, groupOrder));
}

// The first half of a signature. Where it is of small order verifiers disagree, and libsodium refuses it: so does this.
const ofOrder8 = little(base64Bytes('JuiVj8KyJ7BFw/SJ8u+Y8NXfrAXTxjM5sTgCiG1T/AU='));
const smallOrder = [0n, 1n, prime - 1n, prime, prime + 1n, ofOrder8, prime - ofOrder8];
const isOfSmallOrder = bytes => smallOrder.includes(little(bytes) & (2n ** 255n - 1n));

// RFC 7748 takes any bytes. These lead nowhere: orders 1, 2, 4 and 8.
const lowOrder = [0n, 1n, prime - 1n,
  325606250916557431795983626356110631294008115727848805560023387167927233504n,
  39382357235489614581723060781553021112529911719440698176882885853963445705823n];
const isBoxKey = bytes => little(bytes) < prime && !lowOrder.includes(little(bytes));
