// From lines to a verdict: what does not hold is kept as faults, each with its index.

class Report {
  constructor() {
    this.entries = []; this.disclosed = []; this.faults = []; this.damage = []; this.closing = null; this.head = null;
    this.history = new History(true);
  }
  fault(kind, index, words) { this.faults.push(new Fault(kind, index, words)); }
  get isWhole() { return (this.closing?.scope ?? null) === null; }
  first(kind) {
    return this.faults.filter(fault => fault.kind === kind).sort((a, b) => (a.index ?? 1e18) - (b.index ?? 1e18))[0];
  }
}

async function readLines(report, text) {
  report.text = text;
  const lines = text.split('\n').filter(line => line !== '');
  let next = 0;
  for (const [number, line] of lines.entries()) {
    if (number % 1024 === 1023) await new Promise(resume => setTimeout(resume));
    let object;
    try { object = JSON.parse(line); } catch { object = null; }
    if (!object || object.v !== 1 || report.closing) {
      report.fault('integrity', next, 'a line of the report cannot be read');
      return;
    }
    if (['entry', 'enrolment', 'naming', 'void'].includes(object.type)) {
      if (!readEntry(report, object, next)) return;
      next = object.index + 1;
    } else if (object.type === 'item' || object.type === 'reason') {
      report.disclosed.push(object);
    } else if (object.type === 'checkpoint') {
      report.closing = object;
    } else {
      report.fault('integrity', next, 'a line is of a kind that this page cannot attest');
    }
  }
  readHead(report, next);
}

function readEntry(report, object, next) {
  const index = object.index;
  if (!Number.isSafeInteger(index) || index < next) {
    report.fault('completeness', next, 'an entry does not stand where its index says');
    return false;
  }
  if (index > next && !object.proof) report.fault('completeness', next, 'an entry is missing here');
  const bytes = base64Bytes(object.entry);
  if (!bytes) {
    report.fault('integrity', index, 'it is not base64');
    return false;
  }
  // Other threads hash while this one reads on.
  const isShown = object.type === 'entry' || object.type === 'void';
  report.entries.push(Object.assign(makeEntry(bytes, index), {line: object, isShown, hashing: leafHash(bytes)}));
  return true;
}

// What it says, where it can be read, and who signed it; `broken` is why it says nothing.
function makeEntry(bytes, index) {
  let entry = {details: Object.create(null), broken: null}, by = null;
  const reading = read => { try { read(); } catch (words) {
    if (typeof words !== 'string') throw words;
    entry.broken = words;
  } };
  reading(() => { entry = Object.assign(parseEntry(bytes), {broken: null}); });
  reading(() => { by = readAuthor(bytes); });
  return Object.assign(entry, {index, bytes, by});
}

function readHead(report, next) {
  if (!report.closing) {
    report.fault('completeness', next, 'the report ends before its checkpoint');
    return;
  }
  report.head = typeof report.closing.note === 'string' ? parseCheckpoint(report.closing.note) : null;
  if (!report.head) report.fault('integrity', next, 'the checkpoint cannot be read');
  else if (report.isWhole && report.head.size !== next) {
    report.fault('completeness', Math.min(next, report.head.size),
      'the checkpoint is of ' + report.head.size + ' entries, here are ' + next);
  }
}

async function verify(report, progress) {
  const {entries, head} = report, leaves = new Array(entries.length);
  await inBatches(entries.length, async i => { leaves[i] = await entries[i].hashing; },
    done => progress('hashing', done, entries.length));
  entries.forEach((entry, i) => { entry.leaf = leaves[i]; });
  await checkTree(report, leaves, progress);
  await readDisclosed(report);
  await foldAll(report, progress);
  await checkCosignatures(report);
  checkNames(report);
  if (!report.faults.length) await checkScope(report);
  if (head) await checkHead(report);
  // Where lines were not read, what they disclose is missing too.
  for (const entry of report.faults.length ? [] : entries) {
    const words = besideFault(report, entry);
    if (words) { report.fault('integrity', entry.index, words); break; }
  }
}

async function checkTree(report, leaves, progress) {
  const {entries, head} = report;
  if (!report.isWhole) {
    await inBatches(entries.length, async i => {
      const path = Array.isArray(entries[i].line.proof) ? entries[i].line.proof.map(base64Bytes) : null;
      const holds = head && path && path.every(p => p?.length === 32)
        && await isIncluded(leaves[i], entries[i].index, head.size, path, base64Bytes(head.root));
      if (!holds) report.fault('integrity', entries[i].index, 'its proof does not lead to the checkpoint\u2019s root');
    });
    return;
  }
  const levels = await treeLevels(leaves);
  report.levels = levels;
  await inBatches(entries.length, async i => {
    // Of entries that can be read.
    if (entries[i].seenSize !== i) return;
    entries[i].rootBefore = bytesBase64(await rootOf(levels, i));
  }, done => progress('checking the tree', done, entries.length));
  const root = bytesBase64(await rootOf(levels, leaves.length));
  if (!head || head.size !== leaves.length || root === head.root) return;
  const first = entries.find(entry => bytesBase64(entry.leaf) !== entry.line.leaf_hash)
    ?? entries.find(entry => entry.rootBefore && entry.rootBefore !== entry.seenRoot);
  report.fault('integrity', first ? first.index : leaves.length - 1,
    'these entries do not make the checkpoint\u2019s root');
}

async function checkHead(report) {
  const {head, history} = report;
  if (history.origin && head.origin !== history.origin) report.fault('integrity', head.size, 'the checkpoint is of another log');
  report.cosigners = [];
  for (const line of head.signatures) {
    for (const member of history.members.values()) {
      if (!report.signer && await isSigned(line, head.origin, member.keys.checkpoints, textBytes(head.text)).catch(() => false)) {
        report.signer = member;
      }
      if (await isCosigned(line, head, member)) report.cosigners.push(member);
    }
  }
  const last = report.isWhole && history.committer;
  if (!report.signer) {
    report.fault('attribution', head.size, 'the checkpoint\u2019s signature is no member\u2019s');
  } else if (last && history.folded === report.entries.length && last !== report.signer.id) {
    report.fault('attribution', head.size, 'the checkpoint is not signed by whose transaction it ends');
  } else if (!last && !history.active(report.signer.id) && history.left.get(report.signer.id) !== head.size) {
    report.fault('attribution', head.size, 'the checkpoint is signed by someone who was removed');
  }
}

async function isCosigned(line, head, member) {
  const name = head.origin + '/' + member.id, key = base64Bytes(member.keys.cosignatures);
  if (line.name !== name || line.signature.length !== 72 || line.keyID !== await keyID(name, 4, key)) return false;
  return cosignatureHolds(line.signature, head.text, member);
}

async function cosignatureHolds(payload, text, member) {
  const seconds = new DataView(payload.buffer, payload.byteOffset).getBigUint64(0), signature = payload.slice(8);
  if (isOfSmallOrder(signature.subarray(0, 32))) return false;
  return crypto.subtle.verify('Ed25519', await verifyingKey(member.keys.cosignatures), signature,
    textBytes('cosignature/v1\ntime ' + seconds + '\n' + text));
}

// One that does not hold vouches for nothing, and is its author's alone: it is named, and is no fault of the log.
async function checkCosignatures(report) {
  const {entries, history} = report;
  await inBatches(history.folded, async i => {
    const entry = entries[i];
    if (entry.action !== 'log.cosign' || entry.outcome !== 'ok' || entry.void) return;
    const words = await cosignatureDamage(report, entry);
    if (words) report.damage.push({index: entry.index, author: entry.author, words});
  });
  report.damage.sort((a, b) => a.index - b.index);
}

async function cosignatureDamage({levels, history}, entry) {
  const {size, root, cosignature} = entry.details, text = history.origin + '\n' + size + '\n' + root + '\n';
  const holds = await cosignatureHolds(base64Bytes(cosignature), text, history.members.get(entry.author)).catch(() => false);
  if (!holds) return 'its cosignature does not hold';
  // A part of the log has no older roots.
  if (!levels) return null;
  const count = Number(size), isThere = count > 0 && count <= entry.index;
  return isThere && bytesBase64(await rootOf(levels, count)) === root ? null
    : 'its cosignature is of a checkpoint that this log does not have';
}

// Nothing is disclosed of what counts for nothing; and of a whole log names and reach from before a change are not shown
// as those of now.
function checkNames({isWhole, history, entries, faults}) {
  if (!isWhole || history.folded !== entries.length) return;
  for (const entry of entries) {
    if (entry.void && entry.reason !== undefined) {
      faults.push(new Fault('integrity', entry.index, 'what is disclosed of it counts for nothing'));
    }
  }
  for (const [id, {entry, digest}] of history.names) {
    if (entry.void || history.items.get(id)?.metadata !== digest) {
      faults.push(new Fault('integrity', entry.index, 'what is disclosed of its item was changed since'));
    }
  }
}

async function readDisclosed(report) {
  const byIndex = new Map(report.entries.map(entry => [entry.index, entry])), explained = new Set();
  for (const object of report.disclosed) {
    const bytes = base64Bytes(object.type === 'item' ? object.metadata : object.note);
    const entry = byIndex.get(object.index);
    const isItem = object.type === 'item';
    const named = entry?.details[isItem ? 'metadata-sha256' : 'reason-sha256'];
    let content = null;
    try { content = JSON.parse(strictUTF8.decode(bytes)); } catch { content = null; }
    const holds = bytes && content?.v === 1 && typeof content.salt === 'string' && named
      && bytesBase64(await sha256(bytes)) === named && (isItem ? entry.details.item === object.item
        : typeof content.reason === 'string' && textBytes(content.reason).length <= 1024);
    if (!holds) {
      report.fault('integrity', Number.isSafeInteger(object.index) ? object.index : null,
        'what is disclosed of it has another hash');
    } else if (isItem) {
      if (!report.history.disclose(object.item, entry, content)) {
        report.fault('integrity', object.index, 'its item is disclosed twice');
      }
    } else if (explained.has(object.index)) {
      report.fault('integrity', object.index, 'its reason is disclosed twice');
    } else {
      explained.add(object.index);
      entry.reason = content.reason;
    }
  }
}
