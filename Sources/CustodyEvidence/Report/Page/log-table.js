// The whole log, a page of rows at a time; each entry as it was signed.

const rowsAPage = 200;
const shown = {page: 0, rows: []};

// What a void entry says is not searched: it counts for nothing.
function searchText(view, entry) {
  const {history} = view;
  if (entry.void) return [entry.index, 'void', history.name(entry.author), entry.author, entry.void].join(' ').toLowerCase();
  return [entry.index, entry.time, entry.action, entry.outcome, history.name(entry.actor), entry.actor, entry.details.item,
    history.itemName(entry.details.item), history.name(entry.details.to), entry.details.to, entry.reason].join(' ').toLowerCase();
}

function setUpLog(view) {
  const {history} = view;
  const options = (id, values) => page(id).append(...[...new Set(values)].filter(Boolean).sort().map(v => el('option', {value: v}, visible(v))));
  options('by-action', view.folded.map(entry => entry.void ? 'void' : entry.action));
  options('by-member', [...history.members.values()].map(member => member.name));
  options('by-tenant', [...history.items.keys()].map(id => history.tenant(id)));
  for (const input of document.querySelectorAll('#controls input, #controls select')) {
    input.addEventListener('input', () => { shown.page = 0; filterLog(view); });
  }
  page('earlier').addEventListener('click', () => { shown.page -= 1; drawLog(view); });
  page('later').addEventListener('click', () => { shown.page += 1; drawLog(view); });
  filterLog(view);
  page('entries').hidden = false;
  addEventListener('beforeprint', () => drawLog(view, true));
  addEventListener('afterprint', () => drawLog(view));
}

function filterLog(view) {
  const {history} = view, get = id => page(id).value;
  const text = get('by-text').trim().toLowerCase(), action = get('by-action'), member = get('by-member');
  const tenant = get('by-tenant'), outcome = get('by-outcome'), since = get('since'), until = get('until');
  const admits = entry => (!action || entry.action === action) && (!outcome || entry.outcome === outcome)
    && (!member || [entry.actor, entry.details.to, entry.details.member].some(id => id && history.name(id) === member))
    && (!tenant || history.tenant(entry.details.item) === tenant)
    && (!since || day(entry.time) >= since) && (!until || day(entry.time) <= until);
  // Of a void entry only its author is known.
  const admitsVoid = entry => (!action || action === 'void') && (!member || history.name(entry.author) === member)
    && !outcome && !tenant && !since && !until;
  shown.rows = view.folded.filter(entry => entry.isShown && (entry.void ? admitsVoid(entry) : admits(entry))
    && (!text || searchText(view, entry).includes(text)));
  drawLog(view);
}

const leavings = {tty: 'on a terminal', pipe: 'through a pipe', exec: 'to a program', file: 'into a file', nowhere: 'kept in the process'};
const sources = {cache: 'a kept access token', login: 'by a browser\u2019s login', device: 'by a device code'};

// The role that it gives, how a value left, what was exported.
function particularsOf({action, details: d}) {
  if (action === 'member.enroll' || action === 'member.role') return d.role ? 'as ' + d.role : '\u2014';
  if (action === 'log.export' && d.count) {
    const part = d.filter === undefined ? 'all ' : d.count + ' of the first ';
    return part + d.size + ' entries as ' + visible(unescapeText(d.format));
  }
  if (action === 'token.retire' && d.revoked) return 'revoked at its provider at ' + d.revoked;
  return [leavings[d.how], sources[d.source]].filter(Boolean).join(', ') || '\u2014';
}

function drawLog(view, everything = false) {
  const from = everything ? 0 : shown.page * rowsAPage, to = everything ? shown.rows.length : from + rowsAPage;
  const rows = shown.rows.slice(from, to).map(entry => entry.void ? [view.entry(entry.index), '\u2014', view.member(entry.author),
    'void', '\u2014', '\u2014', '\u2014', el('strong', {}, 'counts for nothing'), entry.void] : [
    view.entry(entry.index), minute(entry.time), view.member(entry.actor), entry.action,
    entry.details.item ? view.item(entry.details.item) : '\u2014',
    entry.details.to ?? entry.details.member ? view.member(entry.details.to ?? entry.details.member) : '\u2014', particularsOf(entry),
    entry.outcome === 'ok' ? 'ok' : el('strong', {}, entry.outcome), reasonOf(entry)]);
  page('rows').replaceChildren(table(['Entry', 'When (UTC)', 'Who', 'Did', 'On', 'To', 'How', 'Outcome', 'Why'], rows, 'Entries'));
  page('count').textContent = shown.rows.length === 0 ? 'no entries'
    : (from + 1) + '\u2013' + Math.min(to, shown.rows.length) + ' of ' + shown.rows.length;
  page('earlier').disabled = from === 0;
  page('later').disabled = to >= shown.rows.length;
}

function showEntry(report, index) {
  const entry = report.entries.find(one => one.index === index);
  if (!entry?.by) return;
  const {by} = entry, text = new TextDecoder().decode(by.text);
  page('entry-title').textContent = 'Entry ' + index;
  page('entry-body').replaceChildren(
    ...(entry.void ? [el('p', {class: 'bad-note'}, 'It counts for nothing: ' + entry.void + '.')] : []),
    ...report.damage.filter(one => one.index === index).map(({words}) => el('p', {class: 'bad-note'}, 'Damaged: ' + words + '.')),
    el('dl', {}, el('dt', {}, 'Leaf hash'), el('dd', {}, code(entry.leaf ? bytesBase64(entry.leaf) : '')),
      el('dt', {}, 'Key ID'), el('dd', {}, code(by.keyID)),
      el('dt', {}, 'Signature'), el('dd', {}, code(bytesBase64(by.signature)))),
    el('pre', {tabindex: '0'}, visible(text.replaceAll('\n', '\ue000')).replaceAll('\ue000', '\n') + '\n'
      + '\u2014 ' + by.name + ' \u2026'));
  page('entry').showModal();
}
