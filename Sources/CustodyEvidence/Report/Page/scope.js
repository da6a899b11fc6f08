// What the exporter of a part signed: docs/FORMAT.md, "Scope".

// Nil where it is not written as an exporter writes it.
function parseScope(text) {
  const note = typeof text === 'string' ? parseNote(text) : null;
  if (!note || note.signatures.length !== 1) return null;
  const lines = note.text.slice(0, -1).split('\n').map(line => [line.split(' ', 1)[0], line.slice(line.indexOf(' ') + 1)]);
  const scope = {note, actions: [], said: []};
  const order = words('log exporter time size root salt action actor token tenant since until unread entries indexes lines');
  let last = -1;
  for (const [word, value] of lines.slice(1)) {
    const place = order.indexOf(word);
    if (place < last || place === last && word !== 'action' || value === '') return null;
    last = place;
    if (word === 'action') scope.actions.push(value); else scope[word] = value;
  }
  const holds = lines[0][0] === 'custody-scope/v1' && isOrigin(scope.log ?? '') && isID(scope.exporter) && isTime(scope.time ?? '')
    && isNumber(scope.size) && isDigest(scope.root) && base64Bytes(scope.salt)?.length === 16 && isNumber(scope.entries)
    && isDigest(scope.indexes) && isDigest(scope.lines) && isNumber(scope.unread) && scope.actions.every(action => action in rules)
    && [scope.since, scope.until].every(time => time === undefined || isTime(time));
  // Names that can't be taken for anything else.
  const names = [[scope.actor?.slice(33)], scope.token?.split('/') ?? [], [scope.tenant]].flat().filter(name => name !== undefined);
  const asks = scope.actions.length || names.length || scope.since || scope.until;
  if (!holds || !asks || !names.every(isName) || scope.token !== undefined && scope.token.split('/').length !== 2) return null;
  if (scope.actor !== undefined) {
    scope.actorName = scope.actor.slice(33);
    scope.actor = scope.actor.slice(0, 32);
    if (!isID(scope.actor) || !isName(scope.actorName)) return null;
  }
  return scope;
}

// As a person would say it.
function scopeWords(scope) {
  const {actions, actorName, token, tenant, since, until} = scope;
  return [actions.length && actions.join(' or '), actorName && 'by ' + actorName, token && 'about the token ' + token,
    tenant && 'about tokens of the tenant ' + tenant, since && 'from ' + since + ' on', until && 'before ' + until]
    .filter(Boolean).map(visible).join(', ');
}

// SHA-256 of the lines as the JSON Lines export has them: three characters stand escaped in a page, and nowhere else.
async function digestOfLines(text) {
  const lines = text.split('\n').filter(line => line !== '').slice(0, -1);
  const undone = lines.map(line => line.replace(/\\\\|\\u(003c|003e|0026)/g,
    (found, code) => code ? String.fromCharCode(parseInt(code, 16)) : found) + '\n');
  return bytesBase64(await sha256(textBytes(undone.join(''))));
}

function isWithin(scope, entry, history) {
  // An entry about a token may name its connector, where there was no token yet.
  const isToken = history.tokenName(entry.details.item) !== null;
  return (!scope.actions.length || scope.actions.includes(entry.action)) && (!scope.actor || scope.actor === entry.actor)
    && (!scope.token || isToken && history.itemName(entry.details.item) === scope.token)
    && (!scope.tenant || isToken && history.tenant(entry.details.item) === scope.tenant)
    && (!scope.since || entry.time >= scope.since) && (!scope.until || entry.time < scope.until);
}

// Why an entry is shown, by what was signed and by nothing that stands beside it.
function typeIn(report, entry) {
  if (report.isWhole) return 'entry';
  if (isWithin(report.scope, entry, report.history)) return 'entry';
  return entry.action === 'vault.create' || rules[entry.action].required.includes('member') ? 'enrolment' : 'naming';
}

// Who signed it, and whether what is shown is what they signed for.
async function checkScope(report) {
  if (report.isWhole) return;
  const {head, history, entries} = report, scope = parseScope(report.closing?.scope);
  report.scope = scope;
  const no = (kind, words) => report.fault(kind, head?.size ?? null, words);
  if (!scope) return no('integrity', 'what its exporter signed that it covers cannot be read');
  if (!head || scope.log !== head.origin || Number(scope.size) !== head.size || scope.root !== head.root) {
    return no('integrity', 'what its exporter signed that it covers is of another checkpoint');
  }
  const exporter = history.members.get(scope.exporter), [line] = scope.note.signatures;
  const mayHave = exporter && (history.active(exporter.id) || history.left.get(exporter.id) === head.size);
  const holds = mayHave && await isSigned(line, scope.log + '/' + exporter.id, exporter.keys.entries, textBytes(scope.note.text)).catch(() => false);
  if (!holds) return no('attribution', 'no member signed what it covers');
  if (scope.actor && history.name(scope.actor) !== scope.actorName) {
    return no('integrity', 'what its exporter signed that it covers calls a member by another name');
  }
  if (await digestOfLines(report.text) !== scope.lines) {
    return no('integrity', 'it has not the lines that its exporter signed for, or has others');
  }
  const within = entries.filter(entry => typeIn(report, entry) === 'entry'), bytes = new Uint8Array(8 * within.length);
  const view = new DataView(bytes.buffer);
  within.forEach((entry, i) => { view.setBigUint64(8 * i, BigInt(entry.index), true); });
  if (Number(scope.entries) !== within.length || bytesBase64(await sha256(bytes)) !== scope.indexes) {
    no('completeness', 'its exporter signed for ' + scope.entries + ' entries within what it covers; others, or ' + within.length + ', are here');
  }
}
