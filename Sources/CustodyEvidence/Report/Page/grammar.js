// What an entry may say: docs/FORMAT.md, "Actions" and "Entries".

const everyone = ['admin', 'developer', 'auditor'], keepers = ['admin', 'developer'], admins = ['admin'];
const words = text => text.split(' ').filter(Boolean);
const person = 'box-key checkpoint-key cosign-key name role seed-sha256 sign-key wraps-sha256 ';
const epoch = 'audit-key member previous-sha256 wraps-sha256 ';
// A value, and the data key that was made for it.
const value = 'generation item revision value-sha256 commitment envelopes-sha256 ';
const metadataKey = 'metadata-commitment metadata-envelopes-sha256 metadata-generation ';
const renewal = metadataKey + 'previous-sha256 ';
const details = 'metadata-sha256 sealed-metadata-sha256 ';
const grant = 'envelope-sha256 generation item metadata-generation revision to ';
const reason = 'reason-sha256 sealed-reason-sha256 ', noted = reason + 'metadata-generation ';
const destination = 'destination-sha256 sealed-destination-sha256 ';
const expiry = 'expiry-sha256 sealed-expiry-sha256 ';
const rule = (signers, required, optional = '') => ({signers, required: words(required), optional: words(optional)});
const rules = {
  'vault.create': rule(admins, person + 'audit-key'),
  'vault.repair': rule(admins, 'count restored', 'quarantine-sha256 wraps-sha256'),
  'member.enroll': rule(admins, person + 'member request-sha256', 'machine'),
  'member.deny': rule(admins, 'request request-sha256'),
  'member.role': rule(admins, epoch + 'role', 'reason'),
  'member.remove': rule(admins, epoch, 'reason'),
  'member.rekey': rule(everyone, 'seed-sha256'),
  'connector.register': rule(keepers, value + metadataKey + details + 'tag', expiry),
  'connector.change': rule(keepers, 'item metadata-generation ' + details, reason),
  'connector.rotate': rule(keepers, value, noted + expiry + 'without'),
  'connector.rekey': rule(keepers, value, 'without'),
  'connector.revert': rule(keepers, value, noted + 'without'),
  'connector.renew': rule(keepers, 'item ' + renewal),
  'connector.share': rule(keepers, grant, reason + 'metadata-envelope-sha256 until'),
  'connector.unshare': rule(keepers, 'item to', renewal + reason),
  'connector.reveal': rule(keepers, 'generation how item revision'),
  'connector.retire': rule(keepers, 'item', noted),
  'connector.settle': rule(admins, 'item revision', noted),
  'token.store': rule(admins, value + metadataKey + details + destination + 'connector tag', expiry + 'source'),
  'token.confirm': rule(admins, 'item metadata-generation ' + destination, reason),
  'token.change': rule(admins, 'item metadata-generation ' + details, reason),
  'token.rotate': rule(admins, value, noted + expiry + 'source without'),
  'token.rekey': rule(keepers, value, 'without'),
  'token.revert': rule(keepers, value, noted + 'without'),
  'token.renew': rule(keepers, 'item ' + renewal),
  'token.share': rule(admins, grant, reason + 'metadata-envelope-sha256 until'),
  'token.unshare': rule(keepers, 'item to', renewal + reason),
  'token.reveal': rule(keepers, 'generation how item revision'),
  'token.check': rule(keepers, 'generation item revision'),
  'token.exchange': rule(keepers, 'generation how item revision', 'source value-sha256'),
  'token.retire': rule(admins, 'item', noted + 'revoked'),
  'token.settle': rule(admins, 'item revision', noted),
  'log.export': rule(everyone, 'count format size', 'filter scope-sha256'),
  'log.verify': rule(everyone, 'size'),
  'log.cosign': rule(everyone, 'cosignature root size'),
  'log.recover': rule(admins, 'lost-root lost-size reason', 'lost-earlier'),
};
const exchanging = words('token.exchange token.check token.renew connector.renew member.rekey log.export log.verify log.cosign');
const together = [reason, destination, expiry, details,
  'metadata-commitment metadata-envelopes-sha256 previous-sha256'].map(words);
// Sealed under the item's metadata key, whose generation must then be named too.
const underMetadataKey = words('sealed-reason-sha256 sealed-destination-sha256 sealed-expiry-sha256 sealed-metadata-sha256');

// IDs in ascending order, each once, one space between.
const idsOf = t => t === undefined ? [] : t.split(' ');
const areIDs = t => idsOf(t).every((id, i, ids) => isID(id) && (i === 0 || ids[i - 1] < id));

const syntax = {};
for (const key of words('audit-key box-key checkpoint-key commitment cosign-key destination-sha256 envelope-sha256 '
  + 'envelopes-sha256 expiry-sha256 lost-root metadata-commitment metadata-envelope-sha256 '
  + 'metadata-envelopes-sha256 metadata-sha256 previous-sha256 quarantine-sha256 reason-sha256 request-sha256 root scope-sha256 '
  + 'sealed-destination-sha256 sealed-expiry-sha256 sealed-metadata-sha256 sealed-reason-sha256 seed-sha256 sign-key tag '
  + 'value-sha256 wraps-sha256')) syntax[key] = isDigest;
for (const key of words('connector item member request to')) syntax[key] = isID;
for (const key of words('count generation lost-size metadata-generation restored revision size')) syntax[key] = isNumber;
for (const key of words('filter format lost-earlier reason')) syntax[key] = isText;
Object.assign(syntax, {
  cosignature: isCosignature, revoked: isTime, until: isTime, name: isName, without: areIDs, role: t => everyone.includes(t),
  machine: t => ['any', 'exchange'].includes(t),
  source: t => ['cache', 'login', 'device'].includes(t),
  how: t => ['tty', 'pipe', 'exec', 'file', 'nowhere'].includes(t),
});
Object.setPrototypeOf(syntax, null);
Object.setPrototypeOf(rules, null);

const headerWords = ['log', 'time', 'actor', 'seq', 'seen', 'action', 'outcome'];

// Every byte is accounted for. Throws words that say what is wrong.
function parseEntry(bytes) {
  if (bytes.length > 16384) throw 'it is longer than an entry may be';
  let text;
  try { text = strictUTF8.decode(bytes); } catch { throw 'it is not UTF-8'; }
  const note = parseNote(text);
  if (!note) throw 'it is not a signed note';
  if (note.signatures.length !== 1) throw 'it has not exactly one signature';
  const lines = note.text.slice(0, -1).split('\n');
  if (lines[0] !== 'custody-entry/v1') throw 'it is of a version that this page cannot attest';
  const parts = lines.slice(1).map(line => {
    const space = line.indexOf(' ');
    if (space < 1 || space + 1 >= line.length) throw 'it has a line that is no word and value';
    return [line.slice(0, space), line.slice(space + 1)];
  });
  const entry = {note, details: Object.create(null)};
  headerWords.forEach((word, place) => {
    if (parts[place]?.[0] !== word) throw 'its line \u201c' + word + '\u201d is missing or out of place';
    entry[word] = parts[place][1];
  });
  checkHeader(entry);
  let last = '';
  for (const [key, value] of parts.slice(headerWords.length)) {
    if (!(key in syntax)) throw 'it has a detail that this page does not know';
    if (key <= last) throw 'its details are out of order';
    if (textBytes(value).length > 4096 || !syntax[key](value)) throw 'its ' + key + ' is malformed';
    entry.details[key] = value;
    last = key;
  }
  checkDetails(entry);
  return entry;
}

function checkHeader(entry) {
  const seen = entry.seen.split(' ');
  if (!isOrigin(entry.log)) throw 'its log is malformed';
  if (!isTime(entry.time)) throw 'its time is malformed';
  if (!isID(entry.actor)) throw 'its actor is malformed';
  if (!isNumber(entry.seq)) throw 'its seq is malformed';
  if (seen.length !== 2 || !isNumber(seen[0]) || !isDigest(seen[1])) throw 'its seen is malformed';
  if (!(entry.action in rules)) throw 'it is of an action that this page does not know';
  if (!['ok', 'denied', 'error'].includes(entry.outcome)) throw 'its outcome is malformed';
  entry.seq = Number(entry.seq);
  entry.seenSize = Number(seen[0]);
  entry.seenRoot = seen[1];
  entry.kind = entry.action.startsWith('token.') ? 'token' : entry.action.startsWith('connector.') ? 'connector' : null;
}

function checkDetails(entry) {
  const keys = Object.keys(entry.details), {required, optional} = rules[entry.action];
  if (entry.outcome !== 'ok') {
    if (keys.some(key => key !== 'item' || !entry.kind)) throw 'it did not take place and has details';
    return;
  }
  for (const key of required) if (!keys.includes(key)) throw 'it lacks ' + key;
  for (const key of keys) if (!required.includes(key) && !optional.includes(key)) throw 'it may not have ' + key;
  for (const group of together) {
    if (group.some(key => required.includes(key)) || !group.some(key => keys.includes(key))) continue;
    for (const key of group) if (!keys.includes(key)) throw 'it lacks ' + key;
  }
  // What is sealed under the metadata key says which one; that alone says nothing.
  const isSealed = keys.includes('metadata-commitment') || underMetadataKey.some(key => keys.includes(key));
  if (isSealed && !keys.includes('metadata-generation')) throw 'it lacks metadata-generation';
  if (!isSealed && keys.includes('metadata-generation') && !required.includes('metadata-generation')) {
    throw 'it may not have metadata-generation';
  }
}
