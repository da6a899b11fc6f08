extension HTMLReport {
  /// Items as the log says: who may open them, who could open the newest value, what each share came to.
  static let folds = #"""
    function endShare(history, item, to, entry) {
      for (const share of history.shares) {
        if (share.item === item && share.to === to && !share.ended) share.ended = entry;
      }
    }

    function applyToItem(history, entry, no) {
      const d = entry.details, verb = entry.action.split('.')[1];
      if (verb === 'register' || verb === 'store') return addItem(history, entry, no);
      const item = history.items.get(d.item);
      if (!item) no('its item is unknown');
      if (item.kind !== entry.kind) no('its item is of the other kind');
      if (item.retired) no('its item is retired');
      const isAdmin = history.members.get(entry.actor).role === 'admin';
      const own = item.grants.get(entry.actor), holds = own && (!own.until || own.until > entry.time);
      if (!holds && !(isAdmin && (verb === 'unshare' || verb === 'retire'))) no('its author did not hold the item');
      itemActs[verb](history, item, entry, no, own);
    }

    function addItem(history, entry, no) {
      const d = entry.details;
      if (history.items.has(d.item) || history.tags.has(d.tag) || /^0+$/.test(d.item)) no('its item is there already');
      if (d.revision !== '1') no('its revision is not the one that follows');
      if (d.generation !== '1') no('its generation is not the one that follows');
      const connector = d.connector && history.items.get(d.connector);
      if (d.connector && (!connector || connector.kind !== 'connector' || connector.retired)) no('its connector is unknown or retired');
      const item = {
        id: d.item, kind: entry.kind, tag: d.tag, connector: d.connector, revision: 1, generation: 1, by: entry.actor,
        index: entry.index, grants: new Map([[entry.actor, {entry, until: null}]]), takenBack: new Set(),
        held: new Set([entry.actor]), exposures: new Map(), metadata: d['metadata-sha256'], retired: false,
      };
      history.tags.add(d.tag);
      history.items.set(d.item, item);
      exposeNewest(item, entry, 'stored');
    }

    function exposeNewest(item, entry, opening) {
      for (const id of [...item.grants.keys(), ...item.takenBack]) {
        item.exposures.set(id, {revision: item.revision, since: entry.index, opened: new Map()});
      }
      item.exposures.get(entry.actor)?.opened.set(opening, entry.index);
    }
    function expose(item, id, entry) {
      if (item.exposures.get(id)?.revision === item.revision) return;
      item.exposures.set(id, {revision: item.revision, since: entry.index, opened: new Map()});
    }
    function checkNewest(item, d, no) {
      if (d.generation !== String(item.generation)) no('its generation is not the newest');
      if (d.revision !== String(item.revision)) no('its revision is not the newest');
    }

    const itemActs = {
      rotate(history, item, entry, no, own, opening = 'stored') {
        const d = entry.details;
        if (d.generation !== String(item.generation)) no('its generation is not the newest');
        if (d.revision !== String(item.revision + 1)) no('its revision is not the one that follows');
        item.metadata = d['metadata-sha256'];
        item.revision += 1;
        exposeNewest(item, entry, opening);
      },
      rekey(history, item, entry, no) {
        const d = entry.details;
        if (d.revision !== String(item.revision)) no('its revision is not the newest');
        if (d.generation !== String(item.generation + 1)) no('its generation is not the one that follows');
        if (d['metadata-sha256'] !== item.metadata) no('it changes names or details, which it may not');
        item.generation += 1;
        for (const [id, grant] of item.grants) if (grant.until && grant.until <= entry.time) item.grants.delete(id);
        item.takenBack.clear();
      },
      share(history, item, entry, no, own) {
        const d = entry.details, recipient = history.members.get(d.to);
        checkNewest(item, d, no);
        if (!recipient || recipient.removed !== undefined) no('its recipient is not a member');
        if (recipient.role === 'auditor') no('its recipient is an auditor');
        if (own.until && (!d.until || d.until > own.until)) no('its author\u2019s own grant ends sooner');
        endShare(history, item.id, d.to, entry);
        item.grants.set(d.to, {entry, until: d.until ?? null});
        item.takenBack.delete(d.to);
        item.held.add(d.to);
        expose(item, d.to, entry);
        history.shares.push({item: item.id, kind: item.kind, to: d.to, by: entry.actor, entry, until: d.until ?? null});
      },
      unshare(history, item, entry, no) {
        const {to} = entry.details;
        if (!item.grants.has(to)) no('whose grant it takes back had none');
        item.grants.delete(to);
        item.takenBack.add(to);
        endShare(history, item.id, to, entry);
      },
      reveal(history, item, entry, no) {
        checkNewest(item, entry.details, no);
        expose(item, entry.actor, entry);
        const {how} = entry.details;
        if (how !== 'nowhere') item.exposures.get(entry.actor).opened.set(how, entry.index);
      },
      check(history, item, entry, no) {
        checkNewest(item, entry.details, no);
        expose(item, entry.actor, entry);
        item.exposures.get(entry.actor).opened.set('check', entry.index);
      },
      exchange(history, item, entry, no, own) {
        const d = entry.details;
        if (d['value-sha256']) {
          if (d['metadata-sha256'] !== item.metadata) no('it changes names or details, which it may not');
          return itemActs.rotate(history, item, entry, no, own, 'exchange');
        }
        checkNewest(item, d, no);
        expose(item, entry.actor, entry);
        item.exposures.get(entry.actor).opened.set('exchange', entry.index);
      },
      retire(history, item, entry, no) {
        for (const other of history.items.values()) {
          if (other.connector === item.id && !other.retired) no('tokens of its connector are in use');
        }
        item.retired = true;
        history.tags.delete(item.tag);
      },
    };

    /// In a part of the log: who shared what is known, who holds what is not.
    function noteItem(history, entry) {
      const d = entry.details;
      if (entry.action.endsWith('.share')) {
        history.shares.push({item: d.item, kind: entry.kind, to: d.to, by: entry.actor, entry, until: d.until ?? null});
      } else if (entry.action.endsWith('.unshare')) {
        endShare(history, d.item, d.to, entry);
      }
    }

    const words1 = {share: 'shared', unshare: 'taken back', remove: 'left with its member', role: 'left with the role'};
    function stateOf(share, now) {
      if (share.ended) return share.ended.action.endsWith('.share') ? 'replaced' : words1[share.ended.action.split('.')[1]];
      return share.until && share.until <= now ? 'run out' : 'holds';
    }

    /// What stands beside an entry for tools: it must say what the entry says, and only names that are proved.
    function besideFault(report, entry) {
      const {line} = entry, {history} = report;
      const same = line.origin === entry.log && line.time === entry.time && line.actor === entry.actor
        && line.seq === entry.seq && line.action === entry.action && line.outcome === entry.outcome
        && line.seen_size === entry.seenSize && line.seen_root === entry.seenRoot
        && line.leaf_hash === bytesBase64(entry.leaf);
      if (!same) return 'what stands beside it is not what it says';
      const member = history.members.get(entry.actor);
      if (member && line.actor_name !== member.name) return 'the name beside it is not its author\u2019s';
      if (member && line.actor_machine !== member.machine) return 'what stands beside it of its author being a machine is not so';
      const names = line.names ?? {}, to = entry.details.to ?? entry.details.member;
      if (names.recipient !== undefined && names.recipient !== history.name(to)) return 'the name beside it is not its recipient\u2019s';
      if (names.reason !== undefined && names.reason !== entry.reason) return 'the reason beside it is not the one that it names';
      if (names.token !== undefined && names.token !== history.itemName(entry.details.item)) return 'the token\u2019s name beside it is not proved';
      const tenant = history.tenant(entry.details.item);
      if (names.tenant !== undefined && names.tenant !== tenant) return 'the tenant beside it is not proved';
      return null;
    }

    """#
}
