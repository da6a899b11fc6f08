// The page's checks without a browser: node --test. What they show is tested in Chromium (ReportTests.swift).
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {webcrypto} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {test} from 'node:test';
import vm from 'node:vm';

const root = new URL('../../../', import.meta.url).pathname;
// All before what asks for the document's elements.
const script = execFileSync(root + 'scripts/report-js', {encoding: 'utf8'}).split('// Elements from text alone')[0];
const names = ['Report', 'readLines', 'verify', 'base64Bytes', 'bytesBase64', 'escapeText', 'unescapeText', 'isTime', 'isNumber',
  'isOrigin', 'parseNote', 'parseEntry', 'rules', 'leafHash', 'treeLevels', 'rootOf', 'isIncluded', 'isSigningKey', 'isBoxKey',
  'isOfSmallOrder', 'visible', 'hexOf'];
const page = vm.runInNewContext(`'use strict';\n${script}\n({${names.join(', ')}})`,
  {crypto: webcrypto, TextEncoder, TextDecoder, atob, btoa, setTimeout, Uint8Array});
const lines = readFileSync(root + 'Tests/Fixtures/v1/export.jsonl', 'utf8').split('\n').filter(Boolean);
const hex = text => Uint8Array.from(text.match(/../g) ?? [], digits => parseInt(digits, 16));

async function faults(lines) {
  const report = new page.Report();
  await page.readLines(report, lines.join('\n') + '\n');
  await page.verify(report, () => {});
  // An array of this realm: deepEqual compares prototypes too.
  return Array.from(report.faults, fault => `${fault.kind} ${fault.index}: ${fault.words}`);
}

test('a whole export verifies', async () => {
  assert.deepEqual(await faults(lines), []);
});

test('every line that is left out or doubled is a fault', async () => {
  for (let at = 0; at < lines.length; at++) {
    const without = [...lines.slice(0, at), ...lines.slice(at + 1)];
    const twice = [...lines.slice(0, at + 1), ...lines.slice(at)];
    const object = JSON.parse(lines[at]);
    // A disclosure that is missing takes a name away, and no more.
    if (!['item', 'reason'].includes(object.type)) assert.ok((await faults(without)).length > 0, `line ${at} left out`);
    assert.ok((await faults(twice)).length > 0, `line ${at} doubled`);
  }
});

test('a changed byte of any entry is a fault', async () => {
  for (const [at, line] of lines.entries()) {
    const object = JSON.parse(line);
    if (typeof object.entry !== 'string') continue;
    const bytes = page.base64Bytes(object.entry);
    for (const place of [0, bytes.length >> 1, bytes.length - 2]) {
      const changed = Uint8Array.from(bytes);
      changed[place] ^= 1;
      const other = [...lines];
      other[at] = JSON.stringify({...object, entry: page.bytesBase64(changed)});
      assert.ok((await faults(other)).length > 0, `entry ${object.index}, byte ${place}`);
    }
  }
});

test('base64 is what encodes back to itself', () => {
  assert.deepEqual([...page.base64Bytes('AAE=')], [0, 1]);
  for (const text of ['AAF=', 'AAE', 'A AE=', 'AAE=\n', '-_8=', null, 7]) assert.equal(page.base64Bytes(text), null);
});

test('text is escaped in one way', () => {
  for (const text of ['a%b', 'line\nbreak', 'turned\u202eround', 'plain']) {
    assert.equal(page.unescapeText(page.escapeText(text)), text);
  }
  for (const text of ['%41', '%zz', '%c3%a9', '%', '%E2%80']) assert.equal(page.unescapeText(text), null);
  assert.equal(page.visible('a\u202eb'), 'a\u27e8U+202E\u27e9b');
});

test('times and numbers are written in one way', () => {
  assert.ok(page.isTime('2026-02-28T23:59:59.999Z'));
  for (const time of ['2026-02-29T00:00:00.000Z', '2026-01-01T24:00:00.000Z', '2026-01-01T00:00:00Z', '2026-1-01T00:00:00.000Z']) {
    assert.ok(!page.isTime(time), time);
  }
  assert.ok(page.isNumber('18446744073709551615'));
  for (const number of ['18446744073709551616', '01', '-1', '1.0', '']) assert.ok(!page.isNumber(number), number);
});

test('an origin is none of the words that begin another signed text', () => {
  assert.ok(page.isOrigin('example.com/vault'));
  for (const origin of ['custody-entry/v1', 'custody-scope/v1', 'cosignature/v1', 'a+b', 'a b', '']) assert.ok(!page.isOrigin(origin));
});

// RFC 6962's tree, as the tests of certificate-transparency-go have it.
test('roots and proofs of known leaves', async () => {
  const leaves = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map(hex);
  const hashes = await Promise.all(leaves.map(leaf => page.leafHash(leaf)));
  const roots = [
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
    '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
    'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  ];
  const levels = await page.treeLevels(hashes);
  for (const [at, root] of roots.entries()) assert.equal(page.hexOf(await page.rootOf(levels, at + 1)), root);
  const path = [hashes[1], levels[1][1], levels[2][1]];
  assert.ok(await page.isIncluded(hashes[0], 0, 8, path, hex(roots[7])));
  assert.ok(!await page.isIncluded(hashes[0], 1, 8, path, hex(roots[7])));
  assert.ok(!await page.isIncluded(hashes[0], 0, 8, path.slice(1), hex(roots[7])));
});

test('keys of small order, and points that are none, are nobody’s', () => {
  assert.ok(page.isSigningKey(hex('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a')));
  const one = '01' + '00'.repeat(31), zero = '00'.repeat(32), twisted = '02' + '00'.repeat(31);
  for (const key of [one, zero, twisted]) assert.ok(!page.isSigningKey(hex(key)), key);
  assert.ok(page.isOfSmallOrder(hex(one)));
  assert.ok(!page.isBoxKey(hex(zero)) && !page.isBoxKey(hex(one)));
});

test('an entry that is cut short, or longer, says nothing', () => {
  const bytes = page.base64Bytes(JSON.parse(lines[0]).entry);
  assert.equal(page.parseEntry(bytes).action, 'vault.create');
  for (const other of [bytes.slice(0, -1), bytes.slice(1), Uint8Array.from([...bytes, 10])]) {
    assert.throws(() => {
      const entry = page.parseEntry(other);
      if (entry.broken) throw new Error(entry.broken);
    });
  }
});
