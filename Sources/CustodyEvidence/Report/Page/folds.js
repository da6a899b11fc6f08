// Items as the log says: who may open them, who could open which value, what each share came to.

// A share is over with the entry that ended it.
function endShares(history, to, entry, item = null) {
  for (const open of item === null ? history.openShares.values() : [history.openShares.get(item) ?? new Map()]) {
    if (open.has(to)) open.get(to).ended = entry;
    open.delete(to);
  }
}

// MARK: Grants

// One who was removed or became an auditor has none, although nothing was written about the item then.
function stands(history, grant, id) {
  const member = history.members.get(id);
  return Boolean(member) && member.removed === undefined && !(grant.index <= member.lostGrants);
}
function grantOf(history, item, id) {
  const grant = item.grants.get(id);
  return grant && stands(history, grant, id) ? grant : null;
}
const standing = (history, item) => [...item.grants].filter(([id, grant]) => stands(history, grant, id));
const isOver = (grant, time) => Boolean(grant.until) && grant.until <= time;
// Who may still have the newest data key, without a grant.
const leavers = (history, item) =>
  [...item.takenBack, ...[...item.grants].filter(([id, grant]) => !stands(history, grant, id)).map(([id]) => id)];

const isAdmin = (history, id) => history.role(id) === 'admin';
// Admins and auditors open every metadata key by the audit key.
const opensNames = (history, id) => history.members.has(id) && history.role(id) !== 'developer';
const isHolder = (history, item, {actor, time}) => {
  const grant = grantOf(history, item, actor);
  return grant !== null && !isOver(grant, time);
};
const isRegistrar = (history, item, id) =>
  item.kind === 'connector' && item.by === id && grantOf(history, item, id) !== null;
const mayChange = (history, item, entry) => isAdmin(history, entry.actor)
  || isRegistrar(history, item, entry.actor) && isHolder(history, item, entry);
// Where somebody else's clock must not decide: what admins have said so far, and the author's own if they are one.
function reference(history, {actor, time}) {
  if (!isAdmin(history, actor)) return history.adminTime;
  return history.adminTime > time ? history.adminTime : time;
}
const isOverBy = (grant, time) => time !== null && isOver(grant, time);

// Whether somebody has the newest metadata key who may not read what is written from now on.
function isStale(history, item, entry) {
  if (item.withLeaver || item.metadataEpoch <= history.auditKeyLost) return true;
  const time = reference(history, entry);
  return [...item.grants].some(([id, grant]) => {
    const keeps = stands(history, grant, id) || history.active(id) && history.role(id) === 'auditor';
    return grant.hasMetadata && (!keeps || isOverBy(grant, time));
  });
}

function mayLeaveOut(history, item, id, author) {
  const grant = grantOf(history, item, id);
  if (!grant || id === author) return false;
  return isAdmin(history, author) || isRegistrar(history, item, author) || isOverBy(grant, history.adminTime);
}

// MARK: Values

const exposedNow = item => new Map([...item.exposures].filter(([, exposure]) => exposure.revision === item.revision));
function exposeNewest(item, entry, opening) {
  for (const id of [...item.grants.keys(), ...item.takenBack]) {
    item.exposures.set(id, {revision: item.revision, since: entry.index, opened: new Map()});
  }
  noteOpening(item, entry, opening);
}
// A value is the newest again: whoever could open it then, or what came after it, could open it.
function exposeAgain(item, earlier, entry) {
  for (const value of item.unseen.filter(value => value.revision === earlier)) {
    for (const [id, exposure] of value.exposures) {
      if (!(item.exposures.get(id)?.revision >= earlier)) item.exposures.set(id, exposure);
    }
  }
  item.unseen = item.unseen.filter(value => value.revision !== earlier);
  for (const [id, exposure] of item.exposures) {
    if (exposure.revision >= earlier) item.exposures.set(id, {...exposure, revision: item.revision});
  }
  for (const id of item.grants.keys()) expose(item, id, entry);
}
function expose(item, id, entry) {
  if (item.exposures.get(id)?.revision === item.revision) return;
  item.exposures.set(id, {revision: item.revision, since: entry.index, opened: new Map()});
}
function noteOpening(item, entry, opening) {
  expose(item, entry.actor, entry);
  const exposure = item.exposures.get(entry.actor);
  item.exposures.set(entry.actor, {...exposure, opened: new Map(exposure.opened).set(opening, entry.index)});
}

// MARK: Entries

// Acts on a copy, which takes the item's place once every rule has held.
function applyToItem(history, entry) {
  const d = entry.details, verb = entry.action.split('.')[1];
  if (verb === 'register' || verb === 'store') return addItem(history, entry);
  const before = history.items.get(d.item);
  if (!before) broken('its item is unknown');
  if (before.kind !== entry.kind) broken('its item is of the other kind');
  if (before.retired && verb !== 'settle') broken('its item is retired');
  const item = {...before, grants: new Map(before.grants), takenBack: new Set(before.takenBack),
    held: new Set(before.held), exposures: new Map(before.exposures), unseen: [...before.unseen],
    earlier: before.earlier && {...before.earlier, grants: before.earlier.grants && new Map(before.earlier.grants)}};
  const after = itemActs[verb](history, item, entry, d);
  checkNotes(history, before, item, entry);
  history.items.set(item.id, item);
  after?.();
}

function addItem(history, entry) {
  const d = entry.details, {actor} = entry;
  if (history.items.has(d.item) || history.tags.has(entry.kind + ' ' + d.tag) || /^0+$/.test(d.item)) broken('its item is there already');
  if (d.revision !== '1') broken('its revision is not the one that follows');
  if (d.generation !== '1') broken('its generation is not the one that follows');
  if (d['metadata-generation'] !== '1') broken('its metadata key is not the one that follows');
  const connector = d.connector && history.items.get(d.connector);
  if (d.connector && (!connector || connector.kind !== 'connector' || connector.retired)) broken('its connector is unknown or retired');
  const own = {entry, index: entry.index, until: null, hasMetadata: !opensNames(history, actor)};
  const item = {
    id: d.item, kind: entry.kind, tag: d.tag, connector: d.connector, revision: 1, generation: 1, by: actor,
    index: entry.index, grants: new Map([[actor, own]]), takenBack: new Set(), held: new Set([actor]),
    exposures: new Map(), unseen: [], earlier: null, metadata: d['metadata-sha256'], retired: false,
    metadataGeneration: 1, metadataEpoch: history.epochs, withLeaver: false,
  };
  history.tags.add(entry.kind + ' ' + d.tag);
  history.items.set(d.item, item);
  exposeNewest(item, entry, 'stored');
}

// Nothing is written under a metadata key that somebody has who may not read it.
function checkNotes(history, before, item, entry) {
  if (!underMetadataKey.some(key => key in entry.details)) return;
  if (entry.details['metadata-generation'] !== String(item.metadataGeneration)) broken('its metadata key is not the newest');
  // What unshares without a new key, or leaves somebody out, writes before they have lost the right.
  const written = before.metadataGeneration === item.metadataGeneration ? before : item;
  if (isStale(history, written, entry)) broken('it is written under a metadata key that somebody has who may not read it');
}

function checkHolder(history, item, entry) {
  if (!isHolder(history, item, entry)) broken('its author did not hold the item');
}
function checkNewest(item, d) {
  if (d.generation !== String(item.generation)) broken('its generation is not the newest');
  if (d.revision !== String(item.revision)) broken('its revision is not the newest');
}
function checkChange(history, item, entry) {
  if (!mayChange(history, item, entry)) broken('its author is neither an admin nor who registered the connector');
}

// A new data key for everyone who has a grant, but for whom the entry leaves out by name.
function replaceKey(history, item, entry, isTakenOver) {
  const d = entry.details, {actor} = entry, leftOut = idsOf(d.without);
  if (d.generation !== String(item.generation + 1)) broken('its generation is not the one that follows');
  for (const id of leftOut) {
    if (!mayLeaveOut(history, item, id, actor)) broken('it leaves somebody out whom its author may not leave out');
  }
  const kept = new Map(standing(history, item).filter(([id]) => !leftOut.includes(id)));
  for (const [id, grant] of item.grants) if (!kept.has(id) && grant.hasMetadata) item.withLeaver = true;
  if (isTakenOver) {
    kept.set(actor, {entry, index: entry.index, until: null, hasMetadata: false});
    item.held.add(actor);
  }
  const lost = isTakenOver ? [...leftOut, actor] : leftOut;
  // What an admin brought in its place, only an admin reverts.
  item.earlier = {revision: item.revision, grants: new Map([...item.grants].filter(([id]) => !lost.includes(id))),
    isForAdmins: !entry.action.endsWith('.rekey') && isAdmin(history, actor)};
  [item.grants, item.takenBack, item.generation] = [kept, new Set(), item.generation + 1];
  return () => { for (const id of lost) endShares(history, id, entry, item.id); };
}

function renewMetadata(history, item, entry) {
  const time = reference(history, entry);
  const gets = (id, grant) => stands(history, grant, id) && !opensNames(history, id) && !isOverBy(grant, time);
  // Whoever makes a key knows it: none but an admin or one of those who get it, whatever their own clock says.
  const own = item.grants.get(entry.actor), isAmong = isHolder(history, item, entry) && gets(entry.actor, own);
  if (!isAdmin(history, entry.actor)) {
    if (!isAmong) broken('its author did not hold the item');
    // A holder could replace a key that nobody lost by one that opens to nobody.
    if (!isStale(history, item, entry)) broken('it replaces a metadata key that nobody lost the right to, and its author is no admin');
  }
  if (entry.details['metadata-generation'] !== String(item.metadataGeneration + 1)) broken('its metadata key is not the one that follows');
  for (const [id, grant] of item.grants) item.grants.set(id, {...grant, hasMetadata: gets(id, grant)});
  [item.metadataGeneration, item.metadataEpoch, item.withLeaver] = [item.metadataGeneration + 1, history.epochs, false];
}

const itemActs = {
  // By a holder; or by an admin who takes the item over, and cannot tell whether the value is another one.
  rotate(history, item, entry, d) {
    const isTakenOver = !isHolder(history, item, entry);
    if (isTakenOver && !isAdmin(history, entry.actor)) broken('its author did not hold the item');
    if (d.revision !== String(item.revision + 1)) broken('its revision is not the one that follows');
    const after = replaceKey(history, item, entry, isTakenOver), exposures = exposedNow(item);
    if (isTakenOver && exposures.size > 0) {
      item.unseen.push({revision: item.revision, by: entry.actor, index: entry.index, exposures});
    }
    item.revision += 1;
    exposeNewest(item, entry, 'stored');
    return after;
  },
  rekey(history, item, entry, d) {
    checkHolder(history, item, entry);
    if (d.revision !== String(item.revision)) broken('its revision is not the newest');
    return replaceKey(history, item, entry, false);
  },
  // The value before the newest, by who holds the item, and had that value.
  revert(history, item, entry, d) {
    checkHolder(history, item, entry);
    const {earlier} = item;
    if (!earlier) broken('there is no value before the newest');
    const own = earlier.grants ? earlier.grants.get(entry.actor) : grantOf(history, item, entry.actor);
    if (!own || !stands(history, own, entry.actor)) broken('its author did not hold the value before');
    if (earlier.isForAdmins && !isAdmin(history, entry.actor)) broken('an admin brought the newest value, and its author is no admin');
    if (d.revision !== String(item.revision + 1)) broken('its revision is not the one that follows');
    const after = replaceKey(history, item, entry, false);
    item.revision += 1;
    exposeAgain(item, earlier.revision, entry);
    return after;
  },
  renew(history, item, entry) { renewMetadata(history, item, entry); },
  change(history, item, entry, d) {
    checkChange(history, item, entry);
    item.metadata = d['metadata-sha256'];
  },
  confirm(history, item, entry) { checkHolder(history, item, entry); },
  share(history, item, entry, d) {
    checkHolder(history, item, entry);
    checkNewest(item, d);
    if (d['metadata-generation'] !== String(item.metadataGeneration)) broken('its metadata key is not the newest');
    if (!history.active(d.to)) broken('its recipient is not a member');
    if (history.role(d.to) === 'auditor') broken('its recipient is an auditor');
    const hasMetadata = 'metadata-envelope-sha256' in d;
    if (hasMetadata === opensNames(history, d.to)) broken('its metadata key is not for its recipient');
    const own = item.grants.get(entry.actor);
    if (own.until && (!d.until || d.until > own.until)) broken('its author\u2019s own grant ends sooner');
    // It takes from them, as an unshare does.
    const had = grantOf(history, item, d.to), isLess = Boolean(had && d.until) && (!had.until || d.until < had.until);
    if (isLess && d.to !== entry.actor) checkChange(history, item, entry);
    item.grants.set(d.to, {entry, index: entry.index, until: d.until ?? null, hasMetadata});
    item.takenBack.delete(d.to);
    item.held.add(d.to);
    expose(item, d.to, entry);
    return () => {
      endShares(history, d.to, entry, item.id);
      noteShare(history, entry);
    };
  },
  unshare(history, item, entry, d) {
    const grant = grantOf(history, item, d.to);
    if (!grant) broken('whose grant it takes back had none');
    if (d.to !== entry.actor) checkChange(history, item, entry);
    item.grants.delete(d.to);
    item.takenBack.add(d.to);
    item.earlier?.grants?.delete(d.to);
    if (grant.hasMetadata) item.withLeaver = true;
    if ('metadata-commitment' in d) renewMetadata(history, item, entry);
    return () => endShares(history, d.to, entry, item.id);
  },
  use(history, item, entry, opening) {
    checkHolder(history, item, entry);
    checkNewest(item, entry.details);
    if (opening) noteOpening(item, entry, opening);
  },
  reveal(history, item, entry, d) { itemActs.use(history, item, entry, d.how === 'nowhere' ? null : d.how); },
  check(history, item, entry) { itemActs.use(history, item, entry, 'check'); },
  // Where the reply rotated the token the entry carries the new revision, under the same data key.
  exchange(history, item, entry, d) {
    if (!d['value-sha256']) return itemActs.use(history, item, entry, 'exchange');
    if (d.source || d.revision !== String(item.revision + 1)) broken('its revision is not the one that follows');
    if (d.generation !== String(item.generation)) broken('its generation is not the newest');
    checkHolder(history, item, entry);
    // Under the same data key: who holds the item holds that too.
    item.earlier = {revision: item.revision, grants: null, isForAdmins: false};
    item.revision += 1;
    exposeNewest(item, entry, 'exchange');
  },
  retire(history, item, entry) {
    checkChange(history, item, entry);
    for (const other of history.items.values()) {
      if (other.connector === item.id && !other.retired) broken('tokens of its connector are in use');
    }
    item.retired = true;
    return () => history.tags.delete(item.kind + ' ' + item.tag);
  },
  // An admin who could open a value that was replaced unseen says that it is worthless.
  settle(_history, item, entry, d) {
    const value = item.unseen.find(one => String(one.revision) === d.revision);
    if (!value) broken('no value of that revision was replaced unseen');
    if (!value.exposures.has(entry.actor)) broken('its author could not open the value');
    item.unseen = item.unseen.filter(one => one !== value);
  },
};

function noteShare(history, entry) {
  const d = entry.details;
  const share = {item: d.item, kind: entry.kind, to: d.to, by: entry.actor, entry, until: d.until ?? null};
  history.shares.push(share);
  if (!history.openShares.has(d.item)) history.openShares.set(d.item, new Map());
  history.openShares.get(d.item).set(d.to, share);
}
// In a part of the log: who shared what is known, who holds what is not.
function noteItem(history, entry) {
  const d = entry.details;
  if (entry.action.endsWith('.share')) noteShare(history, entry);
  else if (entry.action.endsWith('.unshare')) endShares(history, d.to, entry, d.item);
}

const endings = {share: 'replaced', unshare: 'taken back', remove: 'left with its member', role: 'left with the role'};
function stateOf(share, now) {
  const {ended} = share;
  if (ended) return endings[ended.action.split('.')[1]] ?? (ended.actor === share.to ? 'replaced' : 'left out');
  return share.until && share.until <= now ? 'run out' : 'holds';
}
