// Bytes, base64, numbers and text, as strictly as docs/FORMAT.md has them.

const utf8 = new TextEncoder(), strictUTF8 = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true});
const textBytes = t => utf8.encode(t);

class Fault extends Error {
  constructor(kind, index, words) { super(words); this.kind = kind; this.index = index; this.words = words; }
}

// What encodes back to itself and no other text: no space, no missing padding, no bits to spare.
function base64Bytes(text) {
  if (typeof text !== 'string') return null;
  let raw;
  try { raw = atob(text); } catch { return null; }
  if (btoa(raw) !== text) return null;
  const bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
  return bytes;
}
function bytesBase64(bytes) {
  let raw = '';
  for (let i = 0; i < bytes.length; i++) raw += String.fromCharCode(bytes[i]);
  return btoa(raw);
}
const hexOf = bytes => Array.from(bytes, b => b.toString(16).padStart(2, '0')).join('');
// 43 digits, the last of which has two bits to spare that are zero.
const isDigest = t => /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/.test(t);
// A time of 8 bytes and a signature of 64.
const isCosignature = t => /^[A-Za-z0-9+/]{96}$/.test(t);
const isID = t => /^[0-9a-f]{32}$/.test(t);
const isNumber = t => /^(0|[1-9][0-9]{0,19})$/.test(t) && BigInt(t) < 2n ** 64n;
const isName = t => /^[a-z0-9][a-z0-9._-]{0,63}$/.test(t);
function isTime(t) {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(t)) return false;
  const at = new Date(t);
  return !Number.isNaN(at.getTime()) && at.toISOString() === t;
}
const isOrigin = t => /^[\x21-\x2a\x2c-\x7e]{1,200}$/.test(t)
  && !['custody-entry/v1', 'custody-request/v1', 'custody-scope/v1', 'cosignature/v1'].includes(t);

const turning = /[%\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;
const escapeText = t => t.replace(turning, c =>
  Array.from(textBytes(c), b => '%' + b.toString(16).toUpperCase().padStart(2, '0')).join(''));
function unescapeText(t) {
  const out = [];
  const bytes = textBytes(t);
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] !== 0x25) { out.push(bytes[i]); continue; }
    const digits = String.fromCharCode(bytes[i + 1] || 0, bytes[i + 2] || 0);
    if (!/^[0-9A-F]{2}$/.test(digits)) return null;
    out.push(parseInt(digits, 16));
    i += 2;
  }
  try {
    const text = strictUTF8.decode(Uint8Array.from(out));
    return escapeText(text) === t ? text : null;
  } catch { return null; }
}
function isText(t) {
  const text = unescapeText(t);
  return text !== null && text !== '' && !text.startsWith(' ') && !text.endsWith(' ');
}

// What is shown of free text: nothing that turns text round or hides.
const hidden = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]/gu;
const visible = t => String(t).replace(hidden, c =>
  '\u27e8U+' + c.codePointAt(0).toString(16).toUpperCase().padStart(4, '0') + '\u27e9');

// A signed note: text that ends in LF, an empty line, signature lines. Nil where it is not one.
function parseNote(text) {
  const end = text.indexOf('\n\n');
  if (end < 1 || !text.endsWith('\n')) return null;
  const lines = text.slice(end + 2, -1).split('\n');
  if (lines.length > 16 || new Set(lines).size !== lines.length) return null;
  const signatures = [];
  for (const line of lines) {
    const match = /^\u2014 ([^\s+]+) ([A-Za-z0-9+/=]+)$/u.exec(line);
    const payload = match && base64Bytes(match[2]);
    if (!payload || payload.length <= 4) return null;
    signatures.push({name: match[1], keyID: hexOf(payload.slice(0, 4)), signature: payload.slice(4)});
  }
  return {text: text.slice(0, end + 1), signatures};
}

// Whose an entry is, whatever else is wrong with it: its text's bytes, and the first signature line behind them. Throws
// words where it is of no version that this page knows, or nobody's.
function readAuthor(bytes) {
  // A character is a byte.
  let raw = '';
  for (let i = 0; i < bytes.length; i += 4096) raw += String.fromCharCode(...bytes.subarray(i, i + 4096));
  const end = raw.indexOf('\n\n') + 1, line = end > 0 ? raw.slice(end + 1) : '';
  if (line === '') throw 'it is not a signed note';
  if (!raw.startsWith('custody-entry/v1\n')) throw 'it is of a version that this page cannot attest';
  const match = /^\u00e2\u0080\u0094 ([\x21-\x2a\x2c-\x7e]+)\/([0-9a-f]{32}) ([A-Za-z0-9+/=]+)\n/.exec(line);
  const payload = match && base64Bytes(match[3]);
  if (!payload || payload.length <= 4) throw 'it has no signature of a member';
  return {text: bytes.subarray(0, end), origin: match[1], member: match[2],
    name: match[1] + '/' + match[2], keyID: hexOf(payload.slice(0, 4)), signature: payload.slice(4)};
}

function parseCheckpoint(text) {
  const note = parseNote(text);
  const lines = note?.text.split('\n');
  if (!lines || lines.length !== 4 || !isOrigin(lines[0]) || !isNumber(lines[1]) || !isDigest(lines[2])) return null;
  return {...note, origin: lines[0], size: Number(lines[1]), root: lines[2]};
}
