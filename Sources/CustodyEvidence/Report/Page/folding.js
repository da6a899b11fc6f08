// The log, folded as docs/FORMAT.md, "Folding", says: who is a member, who holds what, and what stopped it.

// An entry that an active member signed and that breaks a rule: it stays in the tree, and changes nothing.
class Void extends Error {
  constructor(words) { super(words); this.words = words; }
}
const broken = words => { throw new Void(words); };
const emptyRoot = '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';

class History {
  constructor(isWhole) {
    this.isWhole = isWhole;
    this.origin = null; this.members = new Map(); this.items = new Map(); this.tags = new Set();
    this.names = new Map(); this.keys = new Set(); this.folded = 0;
    // Each in the order of the log; and by item and recipient the one that nothing has ended.
    this.shares = []; this.openShares = new Map();
    this.began = null; this.committer = null;
    // Of pairs of vault and audit key; the newest whose audit key somebody has who may not open names any more.
    this.epochs = 0; this.auditKeyLost = 0;
    // Of the newest entry of an admin.
    this.adminTime = null;
    // In a part: who left with which entry.
    this.left = new Map();
  }
  // Metadata that some entry of the item names. Once, and of a whole log the newest.
  disclose(item, entry, content) {
    const isFirst = !this.names.has(item);
    this.names.set(item, {entry, content, digest: entry.details['metadata-sha256']});
    return isFirst;
  }
  active(id) { const member = this.members.get(id); return Boolean(member && member.removed === undefined); }
  role(id) { return this.members.get(id)?.role; }
  name(id) { return this.members.get(id)?.name ?? null; }
  itemName(id) {
    const content = this.names.get(id)?.content;
    if (!content) return null;
    return content.tenant !== undefined ? content.tenant + '/' + content.connector : content.name ?? null;
  }
  tokenName(id) { return this.names.get(id)?.content.tenant === undefined ? null : this.itemName(id); }
  connectorName(id) { const content = this.names.get(id)?.content; return content?.connector ?? content?.name ?? null; }
  tenant(id) { return this.names.get(id)?.content.tenant ?? null; }
  reach(id) { return this.names.get(id)?.content.reach ?? null; }

  // The next entry: it counts, or it is void, or a fault stops the fold. Its signature is checked later, by the key that
  // is noted here; where it does not hold nothing from there on stands.
  append(entry) {
    const no = (kind, words) => { throw new Fault(kind, entry.index, words); };
    if (entry.index === 0) this.found(entry, no);
    else if (this.isWhole) this.follow(entry, no);
    else this.followInPart(entry, no);
  }

  found(entry, no) {
    if (entry.broken) no('integrity', entry.broken);
    if (entry.action !== 'vault.create' || entry.outcome !== 'ok' || entry.seq !== 1 || entry.details.role !== 'admin') {
      no('integrity', 'it does not found the vault');
    }
    if (entry.seenSize !== 0 || entry.seenRoot !== emptyRoot) no('completeness', 'its author had seen something before it');
    if (entry.by.name !== entry.log + '/' + entry.actor) no('attribution', 'its signature is not its author\u2019s');
    try { enroll(this, entry, entry.actor); } catch (fault) {
      if (!(fault instanceof Void)) throw fault;
      no('attribution', fault.words);
    }
    this.origin = entry.log;
    this.epochs = 1;
    this.accept(entry, this.members.get(entry.actor));
    [this.began, this.adminTime] = [entry.seen, entry.time];
  }

  // Who answers for it: the active member whom the first signature line names, whatever the text says.
  author(entry, no) {
    if (entry.by === null) no('integrity', entry.broken);
    const author = entry.by.origin === this.origin ? this.members.get(entry.by.member) : undefined;
    if (!author) no('attribution', 'its author is not a member');
    if (author.removed !== undefined) no('attribution', 'its author is not a member any more');
    return author;
  }

  accept(entry, author) {
    entry.author = author.id;
    entry.key = author.keys.entries;
    author.lastSeq += 1;
    this.committer = author.id;
  }

  follow(entry, no) {
    if (entry.bytes.length > 65535) no('integrity', 'it is longer than any tile holds');
    const author = this.author(entry, no);
    try {
      if (entry.broken) broken(entry.broken);
      this.apply(entry, author);
    } catch (fault) {
      if (!(fault instanceof Void)) throw fault;
      entry.void = fault.words;
    }
    this.accept(entry, author);
  }

  // All rules but the signature's.
  apply(entry, author) {
    if (entry.log !== this.origin) broken('it is of another log');
    if (entry.actor !== author.id) broken('it names another author than who signed it');
    if (entry.seq !== author.lastSeq + 1) broken('its author\u2019s counter should be ' + (author.lastSeq + 1) + ', and is ' + entry.seq);
    const begins = entry.seenSize === entry.index;
    if (begins && entry.rootBefore !== entry.seenRoot) broken('its author had seen another log than these entries');
    if (!begins && (entry.seen !== this.began || author.id !== this.committer)) {
      broken('its author had not seen where its transaction began');
    }
    const {role} = author;
    if (entry.outcome === 'ok') {
      checkRight(entry, author);
      applyEntry(this, entry);
      if (role === 'admin') this.adminTime = entry.time;
    }
    if (begins) this.began = entry.seen;
  }

  // In a part nothing is void: whether an entry broke a rule that the rest would show is not known.
  followInPart(entry, no) {
    if (entry.broken) no('integrity', entry.broken);
    if (entry.log !== this.origin && this.origin !== null) no('integrity', 'it is of another log');
    const author = this.author(entry, no);
    if (entry.actor !== author.id) no('attribution', 'it names another author than who signed it');
    if (entry.seq <= author.lastSeq) no('completeness', 'its author\u2019s counter went back');
    if (entry.seenSize > entry.index || entry.seenSize < (author.lastSeen ?? 0)) no('completeness', 'its author had seen what was not there');
    try {
      if (entry.outcome === 'ok') {
        checkRight(entry, author);
        if (entry.kind) noteItem(this, entry); else applyEntry(this, entry);
      }
    } catch (fault) {
      if (!(fault instanceof Void)) throw fault;
      no('attribution', fault.words);
    }
    this.accept(entry, author);
    [author.lastSeq, author.lastSeen] = [entry.seq, entry.seenSize];
  }
}

// Up to the first fault that is known already: behind it nothing is what it seems.
async function foldAll(report, progress) {
  const {entries} = report, known = Math.min(...report.faults.map(fault => fault.index ?? Infinity));
  const limit = entries.findIndex(entry => entry.index >= known);
  const run = async (upTo, say) => {
    const history = new History(report.isWhole);
    history.names = report.history.names;
    report.history = history;
    for (const entry of entries) entry.void = entry.author = undefined;
    for (let i = 0; i < upTo; i++) {
      history.append(entries[i]);
      history.folded = i + 1;
      // What they were then, by this entry where it says so.
      const {to, member} = entries[i].details;
      entries[i].recipientRole = history.role(to ?? member);
      if (i % 2000 === 1999) {
        say?.('following the log', i + 1, entries.length);
        await new Promise(resume => setTimeout(resume));
      }
    }
  };
  let fault = null;
  try { await run(limit < 0 ? entries.length : limit, progress); } catch (error) {
    if (!(error instanceof Fault)) throw error;
    fault = error;
  }
  // What was folded on top of a signature that does not hold is taken back.
  const forged = await firstForged(report, progress);
  if (forged !== null) {
    fault = new Fault('attribution', entries[forged].index, 'its signature does not hold');
    await run(forged);
  }
  if (fault) report.faults.push(fault);
}

async function firstForged(report, progress) {
  const {entries, history} = report;
  let first = null;
  await inBatches(history.folded, async i => {
    const {by, key} = entries[i];
    let holds = false;
    try { holds = await isSigned(by, by.name, key, by.text); } catch { holds = false; }
    if (!holds && (first === null || i < first)) first = i;
  }, done => progress('checking signatures', done, entries.length));
  return first;
}
