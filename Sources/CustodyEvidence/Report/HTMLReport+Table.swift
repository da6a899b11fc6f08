extension HTMLReport {
  /// The whole log, a page of rows at a time; each entry as it was signed.
  package static let logTable = #"""
    const rowsAPage = 200;
    const shown = {page: 0, rows: []};

    /// What a void entry says is not searched: it counts for nothing.
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

    /// The role that it gives, how a value left, what was exported.
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

    """#

  /// The order of things: read, verify, show.
  package static let start = #"""
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

    /// How many, and by whom, most first.
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
      if (report.faults.length && report.history.folded === 0) return void (document.documentElement.dataset.ready = 'yes');
      showShares(view); showMatrix(view); showExpiring(view);
      const [exposed, denied] = [showExposure(view), showDenied(view)];
      showVoids(view);
      if (!report.faults.length) showSummary(view, exposed, denied);
      showTotals(view); showTimeline(view); setUpLog(view);
      page('close').addEventListener('click', () => page('entry').close());
      document.documentElement.dataset.ready = 'yes';
    }
    run().catch(error => refuse('Not verified: the page failed (' + error.message + ')'));

    """#
}
