// The order of things: read, verify, show.

function showHead(report) {
  const {head, entries} = report;
  const dated = entries.filter(entry => entry.time && !entry.void), first = dated[0]?.time, last = dated.at(-1)?.time;
  const facts = [['Log', code(head?.origin ?? entries[0]?.log ?? '')],
    ['Size', head ? head.size + (head.size === 1 ? ' entry' : ' entries') + (report.isWhole ? '' : ', ' + entries.filter(e => e.isShown).length + ' shown') : '\u2014'],
    ['Root', code(head?.root ?? '\u2014')], ['Period', first ? [minute(first), ' to ', minute(last), ' UTC'] : '\u2014'],
    ['Head signed by', report.signer ? bdi(report.signer.name) : report.verified ? 'nobody proved' : '\u2026']];
  if (report.cosigners?.length) facts.push(['Cosigned by', report.cosigners.map(member => visible(member.name)).join(', ')]);
  if (report.scope) {
    const unread = report.scope.unread === '0' ? '' : ' (but for ' + report.scope.unread + ' whose names do not open to who exported it)';
    facts.push(['Covers', scopeWords(report.scope) + unread + ': ' + report.scope.entries + ' of the first ' + head.size + ' entries, as '
      + visible(report.history.name(report.scope.exporter)) + ' signed at ' + report.scope.time]);
  }
  if (report.entries[0]?.index === 0 && entries[0].leaf) facts.push(['Genesis', code(bytesBase64(entries[0].leaf))]);
  page('facts').replaceChildren(...facts.flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value)]));
}

// How many, and by whom, most first.
function voidWords(report, voids) {
  const tally = new Map();
  for (const {author} of voids) tally.set(author, (tally.get(author) ?? 0) + 1);
  const by = [...tally].sort((a, b) => b[1] - a[1]).map(([id, count]) => visible(report.history.name(id)) + ' ' + count).join(', ');
  return (voids.length === 1 ? '1 entry breaks' : voids.length + ' entries break') + ' a rule and count' + (voids.length === 1 ? 's' : '')
    + ' for nothing (by ' + by + ').';
}

const damageWords = report => report.damage.map(({index, author, words}) =>
  ' Entry ' + index + ', by ' + visible(report.history.name(author)) + ', is damaged: ' + words + '.').join('');

function showVerdict(report) {
  const vouched = report.isWhole && report.cosigners?.length > 0;
  const voids = report.entries.slice(0, report.history.folded).filter(entry => entry.void);
  const good = {
    integrity: report.isWhole ? 'Every entry is as it was signed, and all of them make the root.' : 'Every entry shown is in the tree of the root.',
    attribution: (voids.length ? 'Every entry is signed by a member, the head too; ' + voidWords(report, voids)
      : 'Every entry is signed by a member who might; the head too.') + damageWords(report),
    completeness: !report.isWhole ? 'A part: that nothing within what it covers was left out is the word of '
      + visible(report.history.name(report.scope?.exporter)) + ', who signed it.'
      : 'No entry is missing before the head' + (vouched ? ', which ' + report.cosigners.map(member => visible(member.name)).join(' and ')
        + ' cosigned.' : '. That none came after it, nobody else vouches here.'),
  };
  // Behind the first fault nothing was looked at, whatever it is a fault of.
  const firstFault = report.faults.map(fault => fault.index).sort((a, b) => (a ?? 0) - (b ?? 0))[0];
  const lines = Object.entries(good).map(([kind, sound]) => {
    const fault = report.first(kind);
    const words = !report.faults.length ? sound
      : firstFault === null ? 'Not established.' : 'Not looked at from entry ' + firstFault + ' on.';
    const name = kind[0].toUpperCase() + kind.slice(1);
    const at = fault && fault.index !== null ? 'entry ' + fault.index + ': ' : '';
    const isOpen = report.faults.length > 0 || kind === 'completeness' && !vouched;
    return el('li', {class: fault ? 'bad' : isOpen ? 'open' : 'good', 'data-kind': kind, 'data-index': fault ? fault.index ?? '' : null},
      el('span', {class: 'sign', 'aria-hidden': 'true'}, fault ? '\u2715' : isOpen ? '\u2013' : '\u2713'),
      el('strong', {}, name), ' ', fault ? at + fault.words : words);
  });
  const bad = report.faults.length > 0;
  const damaged = report.damage.length;
  page('verdict').className = bad ? 'bad' : 'good';
  page('verdict').dataset.state = bad ? 'bad' : 'good';
  page('verdict-title').textContent = bad ? 'Do not rely on this report: it does not verify' : report.isWhole
    ? 'This report verifies' + (voids.length ? '; ' + voids.length + ' of its entries count' + (voids.length === 1 ? 's' : '') + ' for nothing' : '')
    : 'What is shown of this log verifies';
  if (!bad && damaged) page('verdict-title').textContent += '; ' + damaged + (damaged === 1 ? ' is' : ' are') + ' damaged';
  page('verdict-lines').replaceChildren(...lines);
  page('caveat').hidden = bad;
  page('until-fault').hidden = !bad;
  page('until-fault').textContent = report.history.folded === 0 ? 'No entry before the first fault: there is nothing to show.'
    : 'Below is what the entries before the first fault say (' + report.history.folded + '). It helps to find the fault, and proves nothing.';
}

function refuse(words) {
  page('verdict').className = 'bad';
  page('verdict').dataset.state = 'unable';
  page('verdict-title').textContent = words;
}

async function run() {
  const report = new Report(), state = page('verdict-title');
  if (!globalThis.crypto?.subtle || !await canVerify()) {
    refuse('Not verified: this browser has no WebCrypto with Ed25519. Open the report in a newer one, or use custody log verify.');
  }
  await readLines(report, page('log').textContent);
  showHead(report);
  if (page('verdict').dataset.state === 'unable') return;
  await verify(report, (what, done, all) => { state.textContent = 'Verifying \u2014 ' + what + ', ' + done + ' of ' + all; });
  report.verified = true;
  showHead(report);
  showVerdict(report);
  document.title = report.faults.length ? 'Share log: does not verify' : 'Share log: verifies';
  const view = new View(report);
  if (report.faults.length && report.history.folded === 0) {
    document.documentElement.dataset.ready = 'yes';
    return;
  }
  showShares(view); showMatrix(view); showExpiring(view);
  const [exposed, denied] = [showExposure(view), showDenied(view)];
  showVoids(view);
  if (!report.faults.length) showSummary(view, exposed, denied);
  showTotals(view); showTimeline(view); setUpLog(view);
  page('close').addEventListener('click', () => page('entry').close());
  document.documentElement.dataset.ready = 'yes';
}
run().catch(error => refuse('Not verified: the page failed (' + error.message + ')'));
