// SHA-256, Ed25519 and RFC 6962's tree, all by the browser's own WebCrypto.

const sha256 = async bytes => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
const sameBytes = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);
function joined(...parts) {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) { out.set(part, at); at += part.length; }
  return out;
}
const leafHash = bytes => sha256(joined([0], bytes));
const nodeHash = (left, right) => sha256(joined([1], left, right));

// So many at a time that the page stays awake.
async function inBatches(count, each, progress) {
  for (let from = 0; from < count; from += 1024) {
    const batch = [];
    for (let i = from; i < Math.min(count, from + 1024); i++) batch.push(each(i));
    await Promise.all(batch);
    progress?.(Math.min(count, from + 1024));
    await new Promise(resume => setTimeout(resume));
  }
}

// Levels of complete subtrees, lowest first.
async function treeLevels(leaves) {
  const levels = [leaves];
  while (levels.at(-1).length > 1) {
    const below = levels.at(-1), level = new Array(below.length >> 1);
    await inBatches(level.length, async i => { level[i] = await nodeHash(below[2 * i], below[2 * i + 1]); });
    levels.push(level);
  }
  return levels;
}

async function rootOf(levels, size) {
  if (size === 0) return sha256(new Uint8Array());
  let root = null;
  for (let level = 0, rest = size; rest > 0; level++, rest = Math.floor(rest / 2)) {
    if (rest % 2 === 0) continue;
    const peak = levels[level][rest - 1];
    root = root ? await nodeHash(peak, root) : peak;
  }
  return root;
}

// RFC 9162, 2.1.3.2.
async function isIncluded(leaf, index, size, path, root) {
  if (!(index < size)) return false;
  let fn = BigInt(index), sn = BigInt(size) - 1n, r = leaf;
  for (const p of path) {
    if (sn === 0n) return false;
    if (fn & 1n || fn === sn) {
      r = await nodeHash(p, r);
      while (!(fn & 1n) && fn !== 0n) { fn >>= 1n; sn >>= 1n; }
    } else {
      r = await nodeHash(r, p);
    }
    fn >>= 1n; sn >>= 1n;
  }
  return sn === 0n && sameBytes(r, root);
}

const keyID = async (name, type, key) =>
  hexOf((await sha256(joined(textBytes(name), [0x0a, type], key))).slice(0, 4));
const imported = new Map(), keyIDs = new Map();
function verifyingKey(base64) {
  if (!imported.has(base64)) {
    imported.set(base64, crypto.subtle.importKey('raw', base64Bytes(base64), {name: 'Ed25519'}, false, ['verify']));
  }
  return imported.get(base64);
}
async function isSigned(line, name, key, bytes) {
  if (line.name !== name || line.signature.length !== 64 || isOfSmallOrder(line.signature.subarray(0, 32))) return false;
  const place = name + ' ' + key;
  if (!keyIDs.has(place)) keyIDs.set(place, keyID(name, 1, base64Bytes(key)));
  if (line.keyID !== await keyIDs.get(place)) return false;
  return crypto.subtle.verify('Ed25519', await verifyingKey(key), line.signature, bytes);
}
async function canVerify() {
  try {
    const key = new Uint8Array(32);
    key[0] = 1;
    await crypto.subtle.importKey('raw', key, {name: 'Ed25519'}, false, ['verify']);
    return true;
  } catch { return false; }
}
