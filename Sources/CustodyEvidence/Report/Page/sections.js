// What an auditor asks first, each as a table.

class View {
  constructor(report) {
    this.report = report; this.history = report.history;
    this.folded = report.entries.slice(0, report.history.folded);
    // What counts, and what does not.
    this.entries = this.folded.filter(entry => !entry.void);
    this.voids = this.folded.filter(entry => entry.void);
    this.newest = this.entries.at(-1)?.time ?? '';
    this.soon = this.newest && new Date(Date.parse(this.newest) + 30 * 864e5).toISOString();
  }
  member(id) {
    const member = this.history.members.get(id);
    return member ? el('span', {title: id}, bdi(member.name), member.machine ? ' (machine)' : '', member.removed !== undefined ? ' (removed)' : '') : unproved('member', id);
  }
  item(id) {
    const name = this.history.itemName(id);
    return name ? el('span', {title: id}, bdi(name)) : unproved('item', id);
  }
  entry(index) {
    return el('button', {class: 'link', onclick: () => showEntry(this.report, index)}, '#' + index);
  }
  items(kind) { return [...this.history.items.values()].filter(item => !item.retired && (!kind || item.kind === kind)); }
  // As `custody exposure` says it.
  remedy(item, unseen) {
    if (item.retired) return 'revoke it at the provider';
    // For a shell: no name that its author made up to be run.
    const known = this.history.itemName(item.id) ?? '', name = known.split('/').every(isName) ? known : 'NAME';
    const custody = verb => 'custody ' + item.kind + ' ' + verb + ' ' + name;
    if (!unseen) return custody('rotate');
    return 'revoke it at the provider, then an admin who held it: ' + custody('settle') + ' --revision ' + unseen.revision;
  }
}

function showShares(view) {
  const {history} = view;
  const all = history.shares.filter(share => share.kind === 'token').reverse();
  const rank = share => ({tenant: 0, user: 1, group: 2})[history.reach(share.item)] ?? 0;
  const shares = all.sort((a, b) => rank(a) - rank(b));
  const shown = shares.filter(share => history.reach(share.item) === 'tenant' || history.reach(share.item) === null);
  const rest = shares.filter(share => !shown.includes(share));
  const rows = list => list.map(share => [
    view.item(share.item), view.member(share.to), view.member(share.by), minute(share.entry.time),
    share.until ? day(share.until) : '\u2014', reasonOf(share.entry), view.report.isWhole ? stateOf(share, view.newest) : '\u2014', view.entry(share.entry.index),
  ]);
  const columns = ['Token', 'To', 'By', 'Shared (UTC)', 'Until', 'Why', 'Now', '#Entry'];
  fill('shares', [
    shown.length ? table(columns, rows(shown), 'Shares of tenant-level tokens, newest first') : none('No tenant-level token was shared.'),
    ...(rest.length ? [el('h3', {}, 'Tokens of narrower reach'), table(columns, rows(rest), 'Shares of other tokens')] : []),
  ]);
}
const reasonOf = entry => entry.reason ? bdi(entry.reason)
  : entry.details['reason-sha256'] ? el('span', {class: 'unproved'}, 'not disclosed')
  : entry.details.reason ? bdi(unescapeText(entry.details.reason)) : '\u2014';

const kindOf = member => !member ? '' : member.role + (member.machine === 'exchange' ? ', exchange only' : '');

function showTotals(view) {
  const {history, entries} = view;
  const tally = keyOf => {
    const rows = new Map();
    for (const entry of entries) {
      const key = keyOf(entry);
      if (key === null || key === undefined) continue;
      const row = rows.get(key) ?? {all: 0, share: 0, unshare: 0, rotate: 0, use: 0, denied: 0, last: ''};
      const verb = entry.action.split('.')[1];
      row.all += 1;
      row.last = entry.time;
      if (entry.outcome !== 'ok') row.denied += 1;
      else if (verb === 'share' || verb === 'unshare') row[verb] += 1;
      else if (verb === 'rotate' || verb === 'rekey') row.rotate += 1;
      else if (['reveal', 'check', 'exchange'].includes(verb)) row.use += 1;
      rows.set(key, row);
    }
    return [...rows];
  };
  const columns = first => [first, '#Entries', '#Shares', '#Taken back', '#Rotated', '#Opened', '#Denied', 'Last'];
  const show = (id, first, rows, name) => fill(id, table(columns(first), rows.map(([key, r]) =>
    [name(key), ...[r.all, r.share, r.unshare, r.rotate, r.use, r.denied].map(n => n ? String(n) : '\u00b7'), day(r.last)]), first));
  show('tenants', 'Tenant', tally(entry => entry.kind === 'token' && entry.details.item ? history.tenant(entry.details.item) ?? '' : null),
    key => key ? bdi(key) : el('span', {class: 'unproved'}, 'name not proved'));
  show('admins', 'Admin', tally(entry => history.members.get(entry.actor)?.role === 'admin' ? entry.actor : null), key => view.member(key));
  show('people', 'Member', tally(entry => entry.actor), key =>
    el('span', {}, view.member(key), ' ', el('span', {class: 'quiet'}, kindOf(history.members.get(key)))));
}

function showExposure(view) {
  const {history} = view, rows = [], exposed = new Set();
  if (!view.report.isWhole) { fill('exposure', none('A part of the log does not say who holds what, or what is exposed.')); return null; }
  const row = (item, id, exposure, unseen) => {
    const opened = [...exposure.opened].flatMap(([how, index]) => [how + ' ', view.entry(index), ' ']);
    exposed.add(id);
    rows.push([view.member(id), view.item(item.id), String(exposure.revision), view.entry(exposure.since),
      opened.length ? opened : 'could, not declared',
      unseen ? ['replaced unseen by ', view.member(unseen.by), ' ', view.entry(unseen.index)] : 'the newest value',
      code(view.remedy(item, unseen))]);
  };
  // A retired item's value may still work at its provider.
  for (const item of history.items.values()) {
    for (const unseen of item.unseen) for (const [id, exposure] of unseen.exposures) row(item, id, exposure, unseen);
    for (const [id, exposure] of exposedNow(item)) {
      const grant = grantOf(history, item, id);
      if (!grant || isOver(grant, view.newest)) row(item, id, exposure, null);
    }
  }
  fill('exposure', rows.length
    ? [el('p', {}, 'They hold no grant any more and could open the newest value, which a rotation ends; or they could open a value '
        + 'that was replaced by an admin who could not, and who so cannot tell whether theirs is another one.'),
      table(['Member', 'What', '#Revision', 'Since', 'Opened', 'Which value', 'What ends it'], rows,
        'Values that someone without a grant could open, and values that were replaced unseen')]
    : none('Nobody without a grant could open a newest value, and none was replaced unseen.'));
  return {values: rows.length, members: exposed.size};
}

// Signed by members, and without effect.
function showVoids(view) {
  const {voids} = view;
  if (!view.report.isWhole) { fill('void', none('A part of the log has none: that an entry breaks a rule is seen from the whole log alone.')); return; }
  fill('void', voids.length
    ? [el('p', {}, 'A member signed each of these, and it breaks a rule: it changed nothing, and nobody acts on it. What it says is not repeated here.'),
      table(['Entry', 'Signed by', 'Rule that it breaks'], voids.map(entry =>
        [view.entry(entry.index), view.member(entry.author), entry.void]), 'Entries that count for nothing')]
    : none('Every entry keeps every rule.'));
}

function showExpiring(view) {
  const today = new Date().toISOString(), rows = [];
  if (!view.report.isWhole) { fill('expiring', none('A part of the log does not say which grants there are.')); return; }
  for (const item of view.items()) {
    for (const [id, grant] of standing(view.history, item)) {
      if (!grant.until || grant.until > view.soon) continue;
      rows.push([view.item(item.id), view.member(id), minute(grant.until), grant.until <= view.newest ? 'run out' : 'runs out',
        grant.until <= today ? 'run out' : 'runs out']);
    }
  }
  fill('expiring', rows.length
    ? table(['What', 'Holder', 'Until (UTC)', 'At the newest entry', 'Today, by this machine'], rows, 'Grants that end within 30 days of the newest entry')
    : none('No grant ends within 30 days of the newest entry (' + day(view.newest) + ').'));
}

// What an auditor wants to know before they scroll.
function showSummary(view, exposed, denied) {
  const count = (n, one, many) => n + ' ' + (n === 1 ? one : many);
  const shares = view.history.shares.filter(share => share.kind === 'token');
  const parts = [['shares', count(shares.length, 'share of a token', 'shares of tokens')]];
  if (exposed) parts.push(['exposure', exposed.values === 0 ? 'nothing exposed' : count(exposed.values, 'exposure', 'exposures') + ' of '
    + count(exposed.members, 'member', 'members')]);
  if (view.voids.length) parts.push(['void', count(view.voids.length, 'entry counts', 'entries count') + ' for nothing']);
  parts.push(['denied', denied === 0 ? 'nothing denied' : count(denied, 'attempt', 'attempts') + ' denied or failed']);
  page('summary').replaceChildren(...parts.flatMap(([id, words], i) => [i ? ' \u00b7 ' : null, el('a', {href: '#' + id}, words)]).filter(Boolean));
  page('summary').hidden = false;
}

function showDenied(view) {
  const rows = view.entries.filter(entry => entry.outcome !== 'ok').reverse().map(entry => [
    minute(entry.time), view.member(entry.actor), entry.action, entry.details.item ? view.item(entry.details.item) : '\u2014',
    entry.outcome, view.entry(entry.index)]);
  fill('denied', rows.length ? table(['When (UTC)', 'Who', 'Tried', 'On', 'Outcome', '#Entry'], rows, 'Attempts that were not permitted or failed')
    : none('No attempt was denied, none failed.'));
  return rows.length;
}
