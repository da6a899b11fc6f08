// What stands beside an entry for tools: it must say what the entry says, and only names that are proved.

function besideFault(report, entry) {
  const {line} = entry, {history} = report, author = history.members.get(entry.author);
  if (line.origin !== history.origin || line.leaf_hash !== bytesBase64(entry.leaf) || line.actor !== author.id) {
    return 'what stands beside it is not what it says';
  }
  if (line.actor_name !== author.name) return 'the name beside it is not its author\u2019s';
  if (line.actor_machine !== author.machine) return 'what stands beside it of its author being a machine is not so';
  const key = bytesBase64(joined([1], base64Bytes(author.keys.entries)));
  if (line.actor_key !== entry.by.name + '+' + entry.by.keyID + '+' + key) return 'the key beside it is not its author\u2019s';
  return entry.void ? besideVoid(line) : besideValid(report, entry, line);
}

// Nothing that it says counts, and so nothing of it is repeated.
function besideVoid(line) {
  const known = words('v type origin index leaf_hash actor actor_name actor_key actor_machine entry verified');
  if (line.type !== 'void') return 'it breaks a rule and counts for nothing, and stands here as if it did count';
  return Object.keys(line).every(key => known.includes(key)) ? null : 'what stands beside it is not what it says';
}

function besideValid(report, entry, line) {
  const {history} = report, d = entry.details;
  if (line.type === 'void') return 'it counts, and stands here as if it did not';
  const type = typeIn(report, entry);
  if (line.type !== type || type === 'naming' && history.names.get(d.item)?.entry !== entry) {
    return report.isWhole ? 'of a whole log it is hidden' : 'it stands as what the exporter\u2019s signed scope does not make it';
  }
  const told = line.details ?? {}, keys = Object.keys(d);
  const same = line.time === entry.time && line.seq === entry.seq && line.action === entry.action
    && line.outcome === entry.outcome && line.seen_size === entry.seenSize && line.seen_root === entry.seenRoot
    && keys.length === Object.keys(told).length && keys.every(key => told[key] === d[key]);
  if (!same) return 'what stands beside it is not what it says';
  const names = line.names ?? {}, to = d.to ?? d.member, tells = (name, proved) => names[name] === (proved ?? undefined);
  if (line.recipient_machine !== history.members.get(to)?.machine) return 'what stands beside it of its recipient being a machine is not so';
  if (line.recipient_role !== entry.recipientRole) return 'the role beside it is not its recipient\u2019s then';
  if (!tells('recipient', history.name(to))) return 'the name beside it is not its recipient\u2019s';
  if (!tells('reason', entry.reason ?? (d.reason === undefined ? null : unescapeText(d.reason)))) return 'the reason beside it is not the one that it names';
  if (!tells('token', history.tokenName(d.item))) return 'the token\u2019s name beside it is not proved';
  if (!tells('connector', history.connectorName(d.item))) return 'the connector\u2019s name beside it is not proved';
  return tells('tenant', history.tenant(d.item)) ? null : 'the tenant beside it is not proved';
}
