import { createHash } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { atFirstWrite, calls, rows, type Site } from './support/drop-folder.js';
import { of, staged, store, useDropFolders } from './support/drop-folder-suite.js';

useDropFolders();

describe('a file in a drop folder', () => {
  it('that is as it should be ends in done/, with its report', async () => {
    const s = await of();
    s.put('calls.csv', calls(300));
    await s.settle();
    expect([s.list('inbox'), s.list('processing')]).toEqual([[], []]);
    expect(s.list('done')).toEqual(['calls.csv', 'calls.csv.report.json']);
    const report = s.report('done', 'calls.csv');
    expect(report).toMatchObject({
      file: 'calls.csv',
      feed: 'calls',
      outcome: 'done',
      whatToDo: expect.stringMatching(/^Nothing now\. .*quarantine list --run /),
      counts: { read: 300, accepted: 300, repeated: 0 },
      lines: 301,
      linesCovered: 301,
      sha256: createHash('sha256').update(calls(300)).digest('hex'),
      facts: { container: 'csv', encoding: 'utf-8', delimiter: ',' },
      movedTo: { station: 'done', name: 'calls.csv' },
    });
    const run = await s.deps.core.operations.run(report.run ?? '');
    expect(run).toMatchObject({ status: 'success', trigger: 'schedule', name: 'calls.csv', feed: 'calls' });
    expect(await staged({ run: report.run, lane: 'bulk' })).toBe(300);
    expect((await s.ledger()).verdict).toBe('balanced');
  });

  it.each(['at once', 'after a start'])(
    'that is written on after it was read is put back: no row is missed (%s)',
    async (when) => {
      const s = await of();
      s.put('calls.csv', calls(20));
      await s.settle();
      appendFileSync(s.path('done', 'calls.csv'), rows(15, 21));
      if (when === 'after a start') s.restart();
      await s.folder.look();
      expect(s.list('done')).toEqual([]);
      expect(s.report('inbox', 'calls.csv')).toMatchObject({
        outcome: 'incomplete',
        cause: 'changed_while_read',
      });
      expect(s.deps.alarmed).toContainEqual(['raise', 'file_incomplete', 'calls', expect.any(String)]);
      await s.settle();
      expect(s.report('done', 'calls.csv').counts).toMatchObject({ read: 35, accepted: 15, repeated: 20 });
      expect(await staged()).toBe(35);
      expect((await s.ledger()).verdict).toBe('balanced');
    },
  );

  it('that stays as it is, or is taken away, stays settled', async () => {
    const s = await of();
    s.put('a.csv', calls(3));
    s.put('b.csv', calls(3, 10));
    await s.settle();
    rmSync(s.path('done', 'b.csv'));
    await s.settle();
    expect(s.list('done')).toEqual(['a.csv', 'a.csv.report.json', 'b.csv.report.json']);
    expect(s.list('inbox')).toEqual([]);
  });

  it('that came before is repeated, and its report says so', async () => {
    const s = await of();
    s.put('calls.csv', calls(20));
    await s.settle();
    s.put('calls.csv', calls(20));
    await s.settle();
    expect(s.list('done')).toEqual([
      'calls-2.csv',
      'calls-2.csv.report.json',
      'calls.csv',
      'calls.csv.report.json',
    ]);
    const { run } = s.report('done', 'calls.csv');
    expect(s.report('done', 'calls-2.csv')).toMatchObject({
      counts: { accepted: 0, repeated: 20 },
      sameAs: run,
      problem: expect.stringContaining('came before'),
    });
    expect(await staged()).toBe(20);
  });

  it('with rows that can not be used ends in partial/: the report has their numbers and what to do', async () => {
    const s = await of();
    const big = (id: number) => `${id},${'x'.repeat(300_000)}\n`;
    s.put('calls.csv', `id,what\n1,a\n${big(2)}3,b\n${big(4)}`);
    await s.settle();
    expect(s.report('partial', 'calls.csv')).toMatchObject({
      outcome: 'partial',
      cause: 'quarantined',
      quarantined: [
        { reason: 'too_large', count: 2, rows: [2, 4], whatToDo: expect.stringContaining('split') },
      ],
    });
    expect(s.deps.alarmed.filter(([what]) => what === 'raise')).toEqual([]);
    expect((await s.ledger()).verdict).toBe('balanced');
  });

  it('that differs from the one before it ends in partial/, with the drift', async () => {
    const s = await of();
    s.put('1.csv', calls(200));
    await s.settle();
    s.put('2.csv', `id,what,agent\n${rows(200, 300).replaceAll('\n', ',Ada\n')}`);
    await s.settle();
    expect(s.report('partial', '2.csv')).toMatchObject({
      cause: 'drift',
      drift: [{ kind: 'new_column', column: 'agent' }],
    });
    const [run] = await s.deps.core.operations.recentRuns(1);
    expect(run).toMatchObject({ status: 'partial', drift: [{ kind: 'new_column', column: 'agent' }] });
  });

  it.each([
    ['other headings', 'a,b\n1,2\n', 'headings_do_not_fit', 'mapping'],
    ['no content', '', 'empty_file', 'sender'],
    ['another format', Buffer.from('%PDF-1.7\n'), 'format_unknown', 'CSV'],
    ['a damaged archive', Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3]), 'archive_damaged', 'again'],
  ])('with %s ends in rejected/, and the next one goes on', async (_, content, cause, words) => {
    const s = await of();
    s.put('bad.csv', content, 1);
    s.put('good.csv', calls(5), 2);
    await s.settle();
    expect(s.list('rejected')).toEqual(['bad.csv', 'bad.csv.report.json']);
    expect(s.list('done')).toEqual(['good.csv', 'good.csv.report.json']);
    const report = s.report('rejected', 'bad.csv');
    expect(report).toMatchObject({ outcome: 'rejected', cause, whatToDo: expect.stringContaining(words) });
    expect(await s.deps.core.operations.run(report.run ?? '')).toMatchObject({ status: 'failed', cause });
    expect(s.deps.alarmed).toContainEqual([
      'raise',
      'file_rejected',
      'calls',
      `calls/rejected/bad.csv: ${cause}`,
    ]);
    expect(await s.deps.core.operations.recentAudit(5)).toMatchObject([
      { by: 'redress', action: 'file_rejected', target: 'calls/rejected/bad.csv', reason: cause },
    ]);
    // The alarm stays as long as the file does.
    s.deps.alarmed.length = 0;
    await s.folder.look();
    expect(s.deps.alarmed).toEqual([]);
    rmSync(s.path('rejected', 'bad.csv'));
    await s.folder.look();
    expect(s.deps.alarmed).toEqual([['resolve', 'file_rejected', 'calls']]);
  });

  it('that is a link is refused, unread; a folder is passed over', async () => {
    const s = await of();
    writeFileSync(join(s.dataDir, 'secret'), calls(3));
    symlinkSync(join(s.dataDir, 'secret'), s.path('inbox', 'link.csv'));
    mkdirSync(s.path('inbox', 'folder'));
    await s.settle();
    expect(s.list('inbox')).toEqual(['folder']);
    expect(s.report('rejected', 'link.csv')).toMatchObject({ cause: 'not_a_plain_file' });
    expect(existsSync(join(s.dataDir, 'secret'))).toBe(true);
    expect(await staged()).toBe(0);
  });

  it('of any name keeps it', async () => {
    const s = await of();
    const names = ['📞.csv', 'two\nlines.csv', `${'é'.repeat(125)}.csv`, '-rf'];
    for (const [i, name] of names.entries()) s.put(name, calls(2, i * 10));
    await s.settle();
    expect(s.list('done').filter((n) => !n.endsWith('.report.json'))).toEqual([...names].sort());
    expect(s.list('done').length).toBe(names.length * 2);
    expect(await staged()).toBe(8);
  });

  it('that a writer still has open is put back, and read when it stands still', async () => {
    const s = await of();
    s.put('calls.csv', calls(3_000));
    await s.folder.look();
    s.wait(5_000);
    const [file] = await s.folder.look();
    if (!file) throw new Error('not ready');
    // A writer who did not stand still: it appends through the name that it opened.
    const grown = atFirstWrite(s, () => appendFileSync(writing(s), rows(10, 5_000)));
    await s.folder.take(file);
    expect(grown()).toBe(true);
    expect(s.list('inbox')).toEqual(['calls.csv', 'calls.csv.report.json']);
    expect(s.report('inbox', 'calls.csv')).toMatchObject({
      outcome: 'incomplete',
      cause: 'changed_while_read',
    });
    expect(s.deps.alarmed).toContainEqual(expect.arrayContaining(['raise', 'file_incomplete', 'calls']));
    await s.settle();
    expect(s.report('done', 'calls.csv')).toMatchObject({
      counts: { read: 3_010, accepted: 10, repeated: 3_000 },
    });
    expect(s.list('inbox')).toEqual([]);
    expect(await staged()).toBe(3_010);
    expect((await s.ledger()).verdict).toBe('balanced');
  });

  it('that is rewritten in its place while it is read is put back, whatever its size and time say', async () => {
    const s = await of();
    s.put('calls.csv', calls(30_000));
    await s.folder.look();
    s.wait(5_000);
    const [file] = await s.folder.look();
    if (!file) throw new Error('not ready');
    const rewritten = atFirstWrite(s, () => {
      const { atime, mtime } = statSync(writing(s));
      writeFileSync(writing(s), calls(30_000).replaceAll('network', 'service'));
      utimesSync(writing(s), atime, mtime);
    });
    await s.folder.take(file);
    expect(rewritten()).toBe(true);
    expect(s.report('inbox', 'calls.csv')).toMatchObject({ cause: 'changed_while_read' });
    await s.settle();
    const { read = 0 } = s.report('partial', 'calls.csv').counts ?? {};
    expect(read).toBe(30_000);
    expect((await s.ledger()).verdict).toBe('balanced');
  });

  it.each([
    ['trailed', (n: number) => `${calls(n)}END;${n}\n`],
    ['hashed', (n: number) => calls(n)],
  ])(
    'that becomes another between the look and the reading is not read by what the look found (%s)',
    async (kind, make) => {
      const s = await of(kind);
      const first = make(20);
      const other = first.replaceAll('network', 'service');
      s.put('calls.csv', first);
      if (kind === 'hashed') s.put('calls.csv.sha256', createHash('sha256').update(first).digest('hex'));
      await s.folder.look();
      s.wait(5_000);
      const [file] = await s.folder.look();
      if (!file) throw new Error('not ready');
      const { atime, mtime } = statSync(s.path('inbox', 'calls.csv'));
      // As many bytes, but the trailer counts other rows, or the checksum is of other bytes.
      const now = kind === 'trailed' ? first.replace('END;20', 'END;19') : other;
      writeFileSync(s.path('inbox', 'calls.csv'), now);
      utimesSync(s.path('inbox', 'calls.csv'), atime, mtime);
      await s.folder.take(file);
      expect(s.list('inbox')).toContain('calls.csv');
      expect(s.list('done')).toEqual([]);
      expect(await staged()).toBe(0);
    },
  );

  it('that is rewritten after it was read, in as many bytes, is read again', async () => {
    const s = await of();
    s.put('calls.csv', calls(20));
    await s.settle();
    writeFileSync(s.path('done', 'calls.csv'), calls(20, 40));
    await s.folder.look();
    expect(s.report('inbox', 'calls.csv')).toMatchObject({ cause: 'changed_while_read' });
    await s.settle();
    expect(await staged()).toBe(40);
  });

  it('that changed since it was found ready is not begun', async () => {
    const s = await of();
    s.put('calls.csv', calls(3));
    await s.folder.look();
    s.wait(5_000);
    const [file] = await s.folder.look();
    appendFileSync(s.path('inbox', 'calls.csv'), rows(1, 9));
    if (file) await s.folder.take(file);
    expect(s.list('inbox')).toContain('calls.csv');
    expect(await store.db.collection('runs').countDocuments()).toBe(0);
  });
});

const writing = (s: Site): string => {
  const [claim = ''] = s.list('processing');
  return s.path('processing', claim, 'calls.csv');
};

describe('a feed that says when a file is whole', () => {
  it('keeps what does not have its trailer, and takes it when it has', async () => {
    const s = await of('trailed');
    s.put('calls.csv', `${calls(20)}END,21\n`);
    await s.settle();
    expect(s.list('inbox')).toEqual(['calls.csv', 'calls.csv.report.json']);
    expect(s.report('inbox', 'calls.csv')).toMatchObject({
      outcome: 'incomplete',
      cause: 'trailer_mismatch',
      problem: expect.stringMatching(/says 21 rows, and 20/),
    });
    expect(s.deps.alarmed).toContainEqual(expect.arrayContaining(['raise', 'file_incomplete', 'trailed']));
    expect(await store.db.collection('runs').countDocuments()).toBe(0);
    s.put('calls.csv', `${calls(21)}END,21\n`, 1_700_000_001);
    await s.settle();
    expect(s.report('done', 'calls.csv')).toMatchObject({ counts: { read: 21, accepted: 21 } });
    expect(s.list('inbox')).toEqual([]);
    await s.folder.look();
    expect(s.deps.alarmed.at(-1)).toEqual(expect.arrayContaining(['resolve']));
    expect(s.deps.alarmed).toContainEqual(['resolve', 'file_incomplete', 'trailed']);
    expect((await s.ledger()).verdict).toBe('balanced');
  });

  it('does not wait for a trailer in a file that is none', async () => {
    const s = await of('trailed');
    s.put('calls.csv', 'a;b\n1;2\n');
    await s.settle();
    expect(s.report('rejected', 'calls.csv')).toMatchObject({ cause: 'headings_do_not_fit' });
  });

  it('takes the checksum file along', async () => {
    const s = await of('hashed');
    s.put('calls.csv', calls(4));
    s.put('calls.csv.sha256', createHash('sha256').update(calls(4)).digest('hex'));
    await s.settle();
    expect(s.list('done')).toEqual(['calls.csv', 'calls.csv.report.json', 'calls.csv.sha256']);
    expect(s.list('inbox')).toEqual([]);
  });
});
