extension HTMLReport {
  /// What an entry may say: docs/FORMAT.md, "Actions" and "Entries".
  static let grammar = #"""
    const everyone = ['admin', 'developer', 'auditor'], keepers = ['admin', 'developer'], admins = ['admin'];
    const words = text => text.split(' ').filter(Boolean);
    const person = 'box-key checkpoint-key cosign-key name role seed-sha256 sign-key wraps-sha256 ';
    const epoch = 'audit-key member previous-sha256 wraps-sha256 ';
    const value = 'generation item metadata-sha256 revision sealed-metadata-sha256 value-sha256 ';
    const newKey = value + 'commitment envelopes-sha256 ';
    const grant = 'envelope-sha256 generation item revision to ';
    const why = 'note-sha256 reason-sha256 ';
    const rule = (signers, required, optional = '') => ({signers, required: words(required), optional: words(optional)});
    const rules = {
      'vault.create': rule(admins, person + 'audit-key'),
      'member.enroll': rule(admins, person + 'member request-sha256', 'machine'),
      'member.deny': rule(admins, 'request request-sha256'),
      'member.role': rule(admins, epoch + 'role', 'reason'),
      'member.remove': rule(admins, epoch, 'reason'),
      'member.rekey': rule(everyone, 'seed-sha256'),
      'connector.register': rule(keepers, newKey + 'tag'),
      'connector.rotate': rule(keepers, value, why),
      'connector.rekey': rule(keepers, newKey + 'previous-sha256'),
      'connector.share': rule(keepers, grant, why + 'until'),
      'connector.unshare': rule(keepers, 'item to', why),
      'connector.reveal': rule(keepers, 'generation how item revision'),
      'connector.retire': rule(keepers, 'item', why),
      'token.store': rule(admins, newKey + 'connector tag', 'source'),
      'token.rotate': rule(admins, value, why + 'source'),
      'token.rekey': rule(keepers, newKey + 'previous-sha256'),
      'token.share': rule(admins, grant, why + 'until'),
      'token.unshare': rule(admins, 'item to', why),
      'token.reveal': rule(keepers, 'generation how item revision'),
      'token.check': rule(keepers, 'generation item revision'),
      'token.exchange': rule(keepers, 'generation how item revision',
        'metadata-sha256 sealed-metadata-sha256 source value-sha256'),
      'token.retire': rule(admins, 'item', why + 'revoked'),
      'log.export': rule(everyone, 'count format size', 'filter'),
      'log.verify': rule(everyone, 'size'),
      'log.cosign': rule(everyone, 'cosignature-sha256 root size'),
      'log.recover': rule(admins, 'lost-root lost-size reason', 'lost-earlier'),
    };
    const exchanging = ['token.exchange', 'token.check', 'member.rekey', 'log.export', 'log.verify', 'log.cosign'];
    const together = [words(why), ['metadata-sha256', 'sealed-metadata-sha256', 'value-sha256']];

    const syntax = {};
    for (const key of words('audit-key box-key checkpoint-key commitment cosign-key cosignature-sha256 envelope-sha256 '
      + 'envelopes-sha256 lost-root metadata-sha256 note-sha256 previous-sha256 reason-sha256 request-sha256 root '
      + 'sealed-metadata-sha256 seed-sha256 sign-key tag value-sha256 wraps-sha256')) syntax[key] = isDigest;
    for (const key of words('connector item member request to')) syntax[key] = isID;
    for (const key of words('count generation lost-size revision size')) syntax[key] = isNumber;
    for (const key of words('filter format lost-earlier reason')) syntax[key] = isText;
    Object.assign(syntax, {
      revoked: isTime, until: isTime, name: isName, role: t => everyone.includes(t),
      machine: t => ['any', 'exchange'].includes(t),
      source: t => ['cache', 'login', 'device'].includes(t),
      how: t => ['tty', 'pipe', 'exec', 'file', 'nowhere'].includes(t),
    });
    Object.setPrototypeOf(syntax, null);
    Object.setPrototypeOf(rules, null);

    const headerWords = ['log', 'time', 'actor', 'seq', 'seen', 'action', 'outcome'];

    /// Every byte is accounted for. Throws words that say what is wrong.
    function parseEntry(bytes) {
      if (bytes.length > 16384) throw 'it is longer than an entry may be';
      let text;
      try { text = strictUTF8.decode(bytes); } catch { throw 'it is not UTF-8'; }
      const note = parseNote(text);
      if (!note) throw 'it is not a signed note';
      if (note.signatures.length !== 1) throw 'it has not exactly one signature';
      const lines = note.text.slice(0, -1).split('\n');
      if (lines[0] !== 'custody-entry/v1') throw 'it is of a version that this page cannot attest';
      const parts = lines.slice(1).map(line => {
        const space = line.indexOf(' ');
        if (space < 1 || space + 1 >= line.length) throw 'it has a line that is no word and value';
        return [line.slice(0, space), line.slice(space + 1)];
      });
      const entry = {note, text, details: Object.create(null)};
      headerWords.forEach((word, place) => {
        if (parts[place]?.[0] !== word) throw 'its line \u201c' + word + '\u201d is missing or out of place';
        entry[word] = parts[place][1];
      });
      checkHeader(entry);
      let last = '';
      for (const [key, value] of parts.slice(headerWords.length)) {
        if (!(key in syntax)) throw 'it has a detail that this page cannot attest';
        if (key <= last) throw 'its details are out of order';
        if (textBytes(value).length > 4096 || !syntax[key](value)) throw 'its ' + key + ' is malformed';
        entry.details[last = key] = value;
      }
      checkDetails(entry);
      return entry;
    }

    function checkHeader(entry) {
      const seen = entry.seen.split(' ');
      if (!isOrigin(entry.log)) throw 'its log is malformed';
      if (!isTime(entry.time)) throw 'its time is malformed';
      if (!isID(entry.actor)) throw 'its actor is malformed';
      if (!isNumber(entry.seq)) throw 'its seq is malformed';
      if (seen.length !== 2 || !isNumber(seen[0]) || !isDigest(seen[1])) throw 'its seen is malformed';
      if (!(entry.action in rules)) throw 'it is of an action that this page cannot attest';
      if (!['ok', 'denied', 'error'].includes(entry.outcome)) throw 'its outcome is malformed';
      entry.seq = Number(entry.seq);
      entry.seenSize = Number(seen[0]);
      entry.seenRoot = seen[1];
      entry.kind = entry.action.startsWith('token.') ? 'token' : entry.action.startsWith('connector.') ? 'connector' : null;
    }

    function checkDetails(entry) {
      const keys = Object.keys(entry.details), {required, optional} = rules[entry.action];
      if (entry.outcome !== 'ok') {
        if (keys.some(key => key !== 'item' || !entry.kind)) throw 'it did not take place and has details';
        return;
      }
      for (const key of required) if (!keys.includes(key)) throw 'it lacks ' + key;
      for (const key of keys) if (!required.includes(key) && !optional.includes(key)) throw 'it may not have ' + key;
      for (const group of together) {
        if (required.includes(group[0]) || !group.some(key => keys.includes(key))) continue;
        for (const key of group) if (!keys.includes(key)) throw 'it lacks ' + key;
      }
    }

    """#
}
