extension HTMLReport {
  /// The log, folded as docs/FORMAT.md, "Folding", says: who is a member, who holds what, and what broke a rule first.
  static let folding = #"""
    class History {
      constructor() {
        this.origin = null; this.members = new Map(); this.items = new Map(); this.tags = new Set();
        this.names = new Map(); this.keys = new Set(); this.shares = []; this.folded = 0;
        this.began = null; this.committer = null;
      }
      /// Metadata that some entry of the item names. Once, and of a whole log the newest.
      disclose(item, entry, content) {
        const isFirst = !this.names.has(item);
        this.names.set(item, {index: entry.index, content, digest: entry.details['metadata-sha256']});
        return isFirst;
      }
      active(id) { const member = this.members.get(id); return Boolean(member && member.removed === undefined); }
      name(id) { return this.members.get(id)?.name ?? null; }
      itemName(id) {
        const content = this.names.get(id)?.content;
        if (!content) return null;
        return content.tenant !== undefined ? content.tenant + '/' + content.connector : content.name ?? null;
      }
      tenant(id) { return this.names.get(id)?.content.tenant ?? null; }
      reach(id) { return this.names.get(id)?.content.reach ?? null; }

      append(entry, isWhole) {
        const no = (kind, words) => { throw new Fault(kind, entry.index, words); };
        this.origin ??= entry.log;
        this.isWhole = isWhole;
        if (entry.log !== this.origin) no('integrity', 'it is of another log');
        if (isWhole) this.checkSeen(entry, no);
        if (entry.index === 0) this.found(entry, no);
        else this.checkAuthor(entry, isWhole, no);
        if (entry.outcome === 'ok' && entry.index > 0) this.apply(entry, isWhole, no);
        const author = this.members.get(entry.actor);
        entry.key = author.keys.entries;
        author.lastSeq = entry.seq;
      }

      checkSeen(entry, no) {
        if (entry.seenSize === entry.index) {
          if (entry.rootBefore !== entry.seenRoot) no('completeness', 'its author had seen another log than these entries');
          this.began = entry.seen;
          this.committer = entry.actor;
        } else if (entry.seen !== this.began || entry.actor !== this.committer) {
          no('completeness', 'its author had not seen where its transaction began');
        }
      }

      found(entry, no) {
        if (entry.action !== 'vault.create' || entry.outcome !== 'ok' || entry.seq !== 1 || entry.details.role !== 'admin') {
          no('integrity', 'it does not found the vault');
        }
        this.enroll(entry, entry.actor, no);
      }

      checkAuthor(entry, isWhole, no) {
        const author = this.members.get(entry.actor);
        if (!author) no('attribution', 'its author is not a member');
        if (author.removed !== undefined) no('attribution', 'its author is not a member any more');
        if (isWhole ? entry.seq !== author.lastSeq + 1 : entry.seq <= author.lastSeq) {
          no('completeness', 'its author\u2019s counter should be ' + (author.lastSeq + 1) + ', and is ' + entry.seq);
        }
        if (entry.outcome === 'ok' && !rules[entry.action].signers.includes(author.role)) {
          no('attribution', 'its author\u2019s role (' + author.role + ') may not sign ' + entry.action);
        }
        if (entry.outcome === 'ok' && author.machine === 'exchange' && !exchanging.includes(entry.action)) {
          no('attribution', 'its author is a machine that may only exchange, and may not sign ' + entry.action);
        }
      }

      apply(entry, isWhole, no) {
        const {action} = entry;
        if (action === 'vault.create') no('integrity', 'it founds the vault again');
        if (action === 'member.enroll') this.enroll(entry, entry.details.member, no);
        else if (action === 'member.remove') this.remove(entry, no);
        else if (action === 'member.role') this.changeRole(entry, no);
        else if (entry.kind) (isWhole ? applyToItem : noteItem)(this, entry, words => no('attribution', words));
      }

      enroll(entry, id, no) {
        const d = entry.details;
        if (this.members.has(id) || /^0+$/.test(id)) no('attribution', 'its member is enrolled already');
        for (const member of this.members.values()) if (member.name === d.name) no('attribution', 'its name is another member\u2019s');
        if (d.machine && d.role === 'admin') no('attribution', 'it would make a machine an admin');
        const keys = [d['box-key'], d['sign-key'], d['checkpoint-key'], d['cosign-key']];
        if (d['audit-key']) keys.push(d['audit-key']);
        for (const key of keys) {
          if (this.keys.has(key)) no('attribution', 'its keys are another member\u2019s');
          this.keys.add(key);
        }
        this.members.set(id, {
          id, name: d.name, role: d.role, machine: d.machine, enrolled: entry.index, lastSeq: 0,
          keys: {entries: d['sign-key'], checkpoints: d['checkpoint-key'], cosignatures: d['cosign-key']},
        });
      }

      subject(entry, no) {
        const member = this.members.get(entry.details.member);
        if (!member || member.removed !== undefined) no('attribution', 'whom it is about is not a member');
        const others = [...this.members.values()].filter(m => m !== member && m.removed === undefined && m.role === 'admin');
        if (this.isWhole && member.role === 'admin' && others.length === 0) no('attribution', 'it would leave no admin');
        const audit = entry.details['audit-key'];
        if (this.keys.has(audit)) no('attribution', 'its audit key is in use');
        this.keys.add(audit);
        return member;
      }
      remove(entry, no) {
        const member = this.subject(entry, no);
        member.removed = entry.index;
        this.takeGrants(member.id, entry);
      }
      changeRole(entry, no) {
        const member = this.subject(entry, no);
        if (member.role === entry.details.role) no('attribution', 'whom it is about has that role already');
        if (member.machine && entry.details.role === 'admin') no('attribution', 'it would make a machine an admin');
        member.role = entry.details.role;
        if (member.role === 'auditor') this.takeGrants(member.id, entry);
      }
      takeGrants(id, entry) {
        for (const item of this.items.values()) {
          if (!item.grants.has(id)) continue;
          item.grants.delete(id);
          item.takenBack.add(id);
          endShare(this, item.id, id, entry);
        }
      }
    }

    async function foldAll(report, progress) {
      const {entries, history} = report;
      for (let i = 0; i < entries.length; i++) {
        try { history.append(entries[i], report.isWhole); }
        catch (fault) {
          if (!(fault instanceof Fault)) throw fault;
          report.faults.push(fault);
          return;
        }
        history.folded = i + 1;
        if (i % 2000 === 1999) {
          progress('following the log', i + 1, entries.length);
          await new Promise(resume => setTimeout(resume));
        }
      }
    }

    """#
}
