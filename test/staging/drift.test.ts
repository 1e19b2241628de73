import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createProfiler, DRIFT_KINDS, profileOf, compareProfiles } from '../../src/staging/drift.js';
import { packageRoot } from '../../src/paths.js';
import { DRIFT } from '../../src/staging/drift-thresholds.js';
import { CITIES, file, HEADINGS, only, renamed, STATUSES, two } from './drift-files.js';

const before = file(300);

describe('what is drift', () => {
  it.each([
    ['phone', 'type_change', 'phone in 100 %', only('phone', (cell) => cell.slice(1))],
    ['id', 'type_change', 'now number in 100 %', only('id', (_, i) => String(i))],
    ['opened', 'type_change', 'now text', only('opened', () => 'yesterday')],
    [
      'opened',
      'date_format_change',
      'D/M/YYYY H:mm before, now M/D/YYYY H:mm',
      only('opened', (cell) => `${cell.slice(3, 5)}/${cell.slice(0, 2)}${cell.slice(5)}`),
    ],
    [
      'city',
      'nulls_jump',
      'empty in 0 % of the rows before, now in 50 %',
      only('city', (cell, i) => (i % 2 ? '' : cell)),
    ],
    ['complaint', 'length_jump', 'now 10', only('complaint', (cell) => cell.slice(0, 10))],
    ['complaint', 'length_jump', 'characters in the middle', only('complaint', (cell) => cell.repeat(4))],
  ] as const)('%s: %s (%s)', (column, kind, detail, change) => {
    expect(compareProfiles(before, file(300, change))).toEqual([
      { kind, column, detail: expect.stringContaining(detail) },
    ]);
  });

  it('a column that came, one that went, one that stands twice', () => {
    const more = profileOf(
      [...HEADINGS, 'agent', 'status_8'],
      Array.from({ length: 60 }, () => ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']),
    );
    const found = compareProfiles(profileOf([...HEADINGS, 'team'], []), more);
    expect(found.map((d) => [d.kind, d.column])).toEqual([
      ['duplicated_heading', 'status'],
      ...HEADINGS.map((h) => ['new_column', h]),
      ['new_column', 'agent'],
      ['new_column', 'status_8'],
    ]);
    const less = file(300, { headings: renamed('city', 'zone_code'), ...only('city', (_, i) => String(i)) });
    expect(compareProfiles(before, less).map((d) => [d.kind, d.column])).toEqual([
      ['missing_column', 'city'],
      ['new_column', 'zone_code'],
    ]);
  });

  it.each([
    ['complaint', 'Complaint ', 'written otherwise'],
    ['status', 'state_of_ticket', 'the same values'],
    ['phone', 'phone_no', 'similar name'],
    ['complaint', 'narrative', 'no other column went or came'],
  ])('%s that is now called %s is renamed', (from, to, words) => {
    const found = compareProfiles(before, file(300, { headings: renamed(from, to) }));
    expect(found).toEqual([
      { kind: 'renamed_column', column: to, was: from, detail: expect.stringContaining(words) },
    ]);
  });

  it('two columns that could each be the one that went are no rename', () => {
    const headings = [...renamed('complaint', 'narrative'), 'remarks'];
    const rows = Array.from({ length: 300 }, (_, i) => {
      const text = `No network at home since ${i} days, calls drop and nobody calls back`;
      return [`CC-${i}`, '08031234567', text, '01/01/2026 09:00', 'Open', 'Lagos', text];
    });
    expect(compareProfiles(before, profileOf(headings, rows)).map((d) => d.kind)).toEqual(
      expect.arrayContaining(['missing_column', 'new_column', 'new_column']),
    );
  });
});

it('docs/sources/mapping.md has every finding with its threshold', () => {
  const page = readFileSync(join(packageRoot, 'docs', 'sources', 'mapping.md'), 'utf8');
  const rowOf = (kind: string) => page.split('\n').find((line) => line.startsWith(`| \`${kind}\` |`)) ?? '';
  for (const kind of DRIFT_KINDS) expect([kind, rowOf(kind) !== '']).toEqual([kind, true]);
  const { kindIs, kindWas, nullsBy, nullsErrors, lengthFactor, lengthChars, leastCells, columns, findings } =
    DRIFT;
  expect(rowOf('type_change')).toContain(`${kindIs * 100} % of the cells were`);
  expect(rowOf('type_change')).toContain(`under ${kindWas * 100} %`);
  expect(rowOf('nulls_jump')).toContain(
    `by ${nullsBy * 100} points or more, and by more than ${nullsErrors} standard`,
  );
  expect(rowOf('length_jump')).toContain(
    `factor of ${lengthFactor} or more, and by ${lengthChars} characters`,
  );
  for (const words of [
    `have ${leastCells} cells or more`,
    `first ${columns} columns`,
    `${findings} findings`,
  ])
    expect(page).toContain(words);
});

describe('what is none', () => {
  it('another order of columns, more rows, other rows, fewer rows', () => {
    const order = [3, 1, 0, 5, 4, 2];
    const turned = profileOf(
      order.map((i) => HEADINGS[i] as string),
      Array.from({ length: 300 }, (_, n) => {
        const cells = [
          `CC-${n}`,
          `0803${1_000_000 + n}`,
          `No network at home since ${n} days, calls drop, nobody calls back`,
        ];
        const row = [
          ...cells,
          `13/${two((n % 12) + 1)}/2026 09:00`,
          STATUSES[n % 3] as string,
          CITIES[n % 5] as string,
        ];
        return order.map((i) => row[i] as string);
      }),
    );
    expect(compareProfiles(before, turned)).toEqual([]);
    expect(compareProfiles(before, file(5_000))).toEqual([]);
    expect(
      compareProfiles(
        before,
        file(
          DRIFT.leastCells - 1,
          only('phone', () => 'x'),
        ),
      ),
    ).toEqual([]);
  });

  it('chance in a small file', () => {
    const some = file(
      60,
      only('city', (cell, i) => (i % 5 === 0 ? '' : cell)),
    );
    expect(compareProfiles(file(60), some)).toEqual([]);
  });

  it('a first run, but for headings that stand twice', () => {
    expect(compareProfiles(undefined, before)).toEqual([]);
    const twice = profileOf(['a', 'a_2'], [['x', 'y']]);
    expect(compareProfiles(undefined, twice).map((d) => d.kind)).toEqual(['duplicated_heading']);
    expect(compareProfiles(twice, twice)).toEqual([]);
  });
});

describe('for any two files', () => {
  const cell = fc.oneof(
    fc.constantFrom('', 'Open', '2026-01-02', '03/04/2026', '08031234567', '12', 'a@b.com'),
    fc.string({ maxLength: 30 }),
  );
  const table = fc
    .uniqueArray(fc.string({ minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 6 })
    .chain((headings) =>
      fc.record({
        headings: fc.constant(headings),
        rows: fc.array(fc.array(cell, { minLength: headings.length, maxLength: headings.length }), {
          maxLength: 20,
        }),
        times: fc.constantFrom(1, 12),
      }),
    );
  const profile = table.map(({ headings, rows, times }) =>
    profileOf(headings, Array.from({ length: times }, () => rows).flat()),
  );

  it('the same one is no drift, in whatever order its columns and rows stand', () => {
    fc.assert(
      fc.property(table, ({ headings, rows, times }) => {
        const all = Array.from({ length: times }, () => rows).flat();
        const turned = profileOf(
          [...headings].reverse(),
          [...all].reverse().map((row) => [...row].reverse()),
        );
        const straight = profileOf(headings, all);
        expect(compareProfiles(straight, straight)).toEqual([]);
        expect(compareProfiles(straight, turned).filter((d) => d.kind !== 'duplicated_heading')).toEqual([]);
      }),
    );
  });

  it('what is missing one way is new the other way, and every column is accounted for', () => {
    fc.assert(
      fc.property(profile, profile, (a, b) => {
        const there = compareProfiles(a, b);
        const back = compareProfiles(b, a);
        const names = (found: typeof there, kind: string) =>
          found
            .filter((d) => d.kind === kind)
            .map((d) => d.column)
            .sort();
        expect(names(there, 'missing_column')).toEqual(names(back, 'new_column'));
        expect(names(there, 'new_column')).toEqual(names(back, 'missing_column'));
        const gone = there.flatMap((d) => (d.kind === 'missing_column' ? [d.column] : [])).length;
        const moved = there.filter((d) => d.kind === 'renamed_column').length;
        const common = a.columns.filter((c) => b.columns.some((o) => o.name === c.name)).length;
        expect(common + gone + moved).toBe(a.columns.length);
      }),
    );
  });

  it('the profile is small, JSON, and holds no value', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ minLength: 8, maxLength: 400 }), { minLength: 1, maxLength: 50 }),
        (cells) => {
          const text = JSON.stringify(
            profileOf(
              ['h'],
              cells.map((c) => [c]),
            ),
          );
          expect(text.length).toBeLessThan(1_000);
          for (const c of cells) if (/[a-z]{6}/i.test(c)) expect(text).not.toContain(c);
        },
      ),
    );
  });
});

it('costs little memory however long the cells, and takes odd rows', () => {
  const profiler = createProfiler();
  const long = 'x'.repeat(300_000);
  for (let i = 0; i < 20; i++)
    profiler.row(['a', '__proto__', '$b.c'], i % 2 ? [long] : ['1', '2', '3', '4']);
  const { columns } = profiler.finish();
  expect(columns.map((c) => [c.name, c.filled])).toEqual([
    ['a', 20],
    ['__proto__', 10],
    ['$b.c', 10],
  ]);
});
