// Drawn, and each with words or a table that say the same.

function svg(tag, attributes, ...children) {
  const node = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

const lanes = [
  ['shares', entry => /\.share$/.test(entry.action)], ['taken back', entry => /\.unshare$/.test(entry.action)],
  ['rotations', entry => /\.(rotate|rekey)$/.test(entry.action)], ['reveals', entry => entry.action.endsWith('.reveal')],
  ['exchanges', entry => entry.action === 'token.exchange'], ['members', entry => /^member\./.test(entry.action)],
  ['denied', null],
];

function showTimeline(view) {
  const {entries} = view;
  if (!entries.length) return;
  const times = entries.map(entry => Date.parse(entry.time));
  const from = times.reduce((a, b) => Math.min(a, b)), to = Math.max(times.reduce((a, b) => Math.max(a, b)), from + 1);
  const bins = 48, counts = lanes.map(() => new Array(bins).fill(0));
  entries.forEach((entry, i) => {
    const bin = Math.min(bins - 1, Math.floor((times[i] - from) / (to - from) * bins));
    lanes.forEach(([, admits], lane) => {
      if (admits ? entry.outcome === 'ok' && admits(entry) : entry.outcome !== 'ok') counts[lane][bin] += 1;
    });
  });
  const most = Math.max(1, ...counts.flat()), row = 26, left = 84, wide = 13, width = left + bins * wide + 44;
  const total = counts.map(lane => lane.reduce((a, b) => a + b, 0));
  const picture = svg('svg', {viewBox: '0 0 ' + width + ' ' + (lanes.length * row + 24), role: 'img',
    'aria-label': lanes.map(([name], i) => total[i] + ' ' + name).join(', ') + ', from ' + day(entries[0].time) + ' to ' + day(view.newest)});
  counts.forEach((lane, i) => {
    const base = (i + 1) * row - 4;
    picture.append(svg('text', {x: left - 10, y: base - 4, class: 'lane'}, lanes[i][0]),
      svg('line', {x1: left, x2: left + bins * wide, y1: base, y2: base, class: 'axis'}),
      svg('text', {x: width - 2, y: base - 4, class: 'lane'}, String(total[i])));
    lane.forEach((count, bin) => {
      if (!count) return;
      const height = 3 + Math.sqrt(count / most) * (row - 9);
      picture.append(svg('rect', {x: left + bin * wide + 1, y: base - height, width: wide - 2, height, class: i === 6 ? 'bar bad' : 'bar'},
        svg('title', {}, count + ' ' + lanes[i][0])));
    });
  });
  picture.append(svg('text', {x: left, y: lanes.length * row + 16, class: 'tick'}, new Date(from).toISOString().slice(0, 10)),
    svg('text', {x: left + bins * wide, y: lanes.length * row + 16, class: 'lane'}, new Date(to).toISOString().slice(0, 10)));
  fill('timeline', [el('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Over time'}, picture),
    el('p', {class: 'quiet'}, 'By the authors\u2019 own clocks. Heights grow with the square root of the count.')]);
}

const marks = {holds: ['\u25cf', 'holds'], soon: ['\u25d0', 'ends soon'], out: ['\u25cc', 'run out'],
  exposed: ['\u25c6', 'could open'], unseen: ['\u25c7', 'replaced unseen'], before: ['\u25cb', 'held before']};
function markOf(view, item, id) {
  const grant = grantOf(view.history, item, id), exposure = item.exposures.get(id);
  if (grant && isOver(grant, view.newest)) return 'out';
  if (grant) return isOver(grant, view.soon) ? 'soon' : 'holds';
  if (exposure?.revision === item.revision || leavers(view.history, item).includes(id)) return 'exposed';
  if (item.unseen.some(value => value.exposures.has(id))) return 'unseen';
  return item.held.has(id) ? 'before' : null;
}

function showMatrix(view) {
  if (!view.report.isWhole) { fill('matrix', none('A part of the log does not say who holds what.')); return; }
  const members = [...view.history.members.values()].filter(member =>
    view.items().some(item => markOf(view, item, member.id)));
  const rows = view.items().map(item => [view.item(item.id), ...members.map(member => {
    const mark = markOf(view, item, member.id), exposure = item.exposures.get(member.id);
    if (!mark) return el('span', {class: 'quiet'}, '\u00b7');
    const opened = exposure?.revision === item.revision ? [...exposure.opened.keys()] : [];
    return el('span', {class: 'mark ' + mark}, el('span', {'aria-hidden': 'true'}, marks[mark][0] + ' '), marks[mark][1],
      opened.length ? el('span', {class: 'quiet'}, ' \u00b7 ' + opened.join(', ')) : null);
  })]);
  fill('matrix', rows.length ? [table(['', ...members.map(member => visible(member.name))], rows, 'Who holds what, by the newest entry'),
    el('p', {class: 'quiet'}, '\u25cf holds a grant \u2003\u25d0 it ends within 30 days \u2003\u25cc it has run out \u2003'
      + '\u25c6 no grant, could open the newest value or the next \u2003\u25c7 could open a value that was replaced unseen \u2003'
      + '\u25cb held before, rotated since. '
      + 'Behind it: how the newest value was opened, as declared.')]
    : none('There is nothing in the vault.'));
}
