// What entries do to members.

function checkRight(entry, author) {
  if (!rules[entry.action].signers.includes(author.role)) {
    broken('its author\u2019s role (' + author.role + ') may not sign ' + entry.action);
  }
  if (author.machine === 'exchange' && !exchanging.includes(entry.action)) {
    broken('its author is a machine that may only exchange, and may not sign ' + entry.action);
  }
}

function applyEntry(history, entry) {
  switch (entry.action) {
    case 'vault.create': return broken('it founds the vault again');
    case 'member.enroll': return enroll(history, entry, entry.details.member);
    case 'member.remove': return removeMember(history, entry);
    case 'member.role': return changeRole(history, entry);
    default: if (entry.kind) applyToItem(history, entry);
  }
}

// Every rule is checked before anything is changed.
function enroll(history, entry, id) {
  const d = entry.details;
  if (history.members.has(id) || /^0+$/.test(id)) broken('its member is enrolled already');
  for (const member of history.members.values()) if (member.name === d.name) broken('its name is another member\u2019s');
  if (d.machine && d.role === 'admin') broken('it would make a machine an admin');
  const signing = [d['sign-key'], d['checkpoint-key'], d['cosign-key']], boxes = [d['box-key']];
  if (d['audit-key']) boxes.push(d['audit-key']);
  if (!signing.every(key => isSigningKey(base64Bytes(key))) || !boxes.every(key => isBoxKey(base64Bytes(key)))) {
    broken('it names a key that is not usable');
  }
  const keys = [...boxes, ...signing];
  if (new Set(keys).size !== keys.length || keys.some(key => history.keys.has(key))) broken('its keys are another member\u2019s');
  for (const key of keys) history.keys.add(key);
  history.members.set(id, {
    id, name: d.name, role: d.role, machine: d.machine, enrolled: entry.index, lastSeq: 0,
    keys: {entries: d['sign-key'], checkpoints: d['checkpoint-key'], cosignatures: d['cosign-key']},
  });
}

function subject(history, entry) {
  const member = history.members.get(entry.details.member);
  return member && member.removed === undefined ? member : broken('whom it is about is not a member');
}
function keepAnAdmin(history, leaver) {
  const stays = m => m !== leaver && m.removed === undefined && m.role === 'admin';
  if (history.isWhole && ![...history.members.values()].some(stays)) broken('it would leave no admin');
}
// Whoever leaves or changes their role begins the next: what they had opens nothing that is sealed from here on.
function beginEpoch(history, entry, losesAuditKey) {
  const audit = entry.details['audit-key'];
  if (!isBoxKey(base64Bytes(audit))) broken('it names a key that is not usable');
  if (history.keys.has(audit)) broken('its audit key is in use');
  history.keys.add(audit);
  if (losesAuditKey) history.auditKeyLost = history.epochs;
  history.epochs += 1;
}
function removeMember(history, entry) {
  const member = subject(history, entry);
  keepAnAdmin(history, member);
  beginEpoch(history, entry, member.role !== 'developer');
  member.removed = member.lostGrants = entry.index;
  history.left.set(member.id, entry.index + 1);
  endShares(history, member.id, entry);
}
function changeRole(history, entry) {
  const member = subject(history, entry), {role} = entry.details;
  if (member.role === role) broken('whom it is about has that role already');
  if (member.machine && role === 'admin') broken('it would make a machine an admin');
  if (member.role === 'admin') keepAnAdmin(history, member);
  beginEpoch(history, entry, member.role !== 'developer' && role === 'developer');
  member.role = role;
  if (role !== 'auditor') return;
  member.lostGrants = entry.index;
  endShares(history, member.id, entry);
}
