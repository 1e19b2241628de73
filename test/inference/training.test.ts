import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import classifiers from 'natural/lib/natural/classifiers/index.js';
import stemmers from 'natural/lib/natural/stemmers/index.js';
import { train } from '../../models/training/baseline/artefact.js';
import { count } from '../../models/training/baseline/count.js';
import { split } from '../../models/training/baseline/split.js';
import { normalised, Resemblance, resembling } from '../../src/inference/evaluation/resemble.js';
import { type Row, readLabelled, readTexts } from '../../src/inference/evaluation/rows.js';
import { hashOf, Manifest } from '../../src/inference/manifest.js';
import { MODEL_DIR, withFolder } from './support/model-dir.js';

const DATA = resolve('models/training/baseline/data');
const DEMO = resolve('demo/data');
const sample = async (rows: number): Promise<Row[]> =>
  (await readLabelled(join(DATA, 'train.jsonl'))).rows.slice(0, rows);
const jsonl = (rows: readonly unknown[]): string => rows.map((row) => JSON.stringify(row)).join('\n');

describe('training', () => {
  it('makes the same bytes of the same input, and leaves out what it was told to', () =>
    withFolder(async (folder) => {
      const rows = await sample(300);
      const file = (name: string) => join(folder, name);
      await writeFile(file('data.jsonl'), jsonl(rows));
      const loud = rows[3]?.text.toUpperCase();
      await writeFile(
        file('demo.csv'),
        `id,Complaint Details\n1,"${loud?.replaceAll('"', '""')} 99"\n2,oops,too,many\n`,
      );
      const results = [];
      for (const outDir of ['one', 'two'].map(file)) {
        const manifest = await train({
          id: 'small',
          data: [file('data.jsonl')],
          exclude: [file('demo.csv')],
          evaluate: file('data.jsonl'),
          outDir,
        });
        expect(manifest.trained.excludedRows).toContain('data.jsonl:4');
        expect(Manifest.safeParse(manifest).success).toBe(true);
        const names = (await readdir(outDir)).sort();
        results.push(
          await Promise.all(names.map(async (name) => [name, hashOf(await readFile(join(outDir, name)))])),
        );
      }
      expect(results[0]).toHaveLength(3);
      expect(results[1]).toEqual(results[0]);
    }));

  it('keeps what natural itself counted', async () => {
    const rows = (await sample(60)).map((row) => ({
      ...row,
      text: row.text.split(' ').slice(0, 12).join(' '),
    }));
    const { features, heads } = count(rows);
    const bayes = new classifiers.BayesClassifier(stemmers.PorterStemmer, 1);
    for (const label of ['negative', 'neutral', 'positive'])
      for (const { text } of rows.filter((row) => row.sentiment === label)) bayes.addDocument(text, label);
    bayes.train();
    const stem = 'call';
    const at = Object.keys(bayes.features).indexOf(stem);
    expect(features).toContain(stem);
    const natural = ['negative', 'neutral', 'positive'].map((label) => {
      const seen = bayes.classifier.classFeatures[label]?.[at];
      return seen === undefined ? 0 : seen - 1;
    });
    expect(heads.sentiment.counts.map((row) => row[features.indexOf(stem)])).toEqual(natural);
  });

  it('never puts near-duplicates on two sides of the split', async () => {
    const rows = await sample(300);
    const twins = rows.map((row) => ({ ...row, text: `${row.text} 2!`, at: `twin of ${row.at}` }));
    const parts = split([...rows, ...twins]);
    for (const part of [parts.train, parts.calibration, parts.test]) {
      const texts = new Set(part.map((row) => normalised(row.text)));
      for (const row of part) expect(texts).toContain(normalised(row.text.replace(/ 2!$/, '')));
      expect(part.length % 2).toBe(0);
    }
    expect(parts.test.length).toBeGreaterThan(0);
  });

  it('finds a demo text that was slightly changed, and no other', () => {
    const texts = [
      'My data finished in one hour, this is theft and you know it',
      'No network in Yola since Monday',
    ];
    const changed = '@x my DATA finished in one hour... this is theft and you know it 123 http://a.b';
    expect([...resembling(texts, [changed, 'No', 'something else entirely'])]).toEqual([0]);
  });

  it('names the row with an unknown label', () =>
    withFolder(async (folder) => {
      const file = join(folder, 'bad.jsonl');
      const [row] = await sample(1);
      await writeFile(file, jsonl([row, { ...row, category: 'weather' }]));
      await expect(readLabelled(file)).rejects.toMatchObject({
        code: 'bad_row',
        message: expect.stringContaining('bad.jsonl, row 2'),
      });
    }));

  it('used no text of the demo for the shipped model', async () => {
    const { trained } = Manifest.parse(JSON.parse(await readFile(join(MODEL_DIR, 'manifest.json'), 'utf8')));
    const left = new Set(trained.excludedRows);
    const used: Row[] = [];
    for (const { name, sha256 } of trained.data) {
      const data = await readLabelled(join(DATA, name));
      expect(data.sha256).toBe(sha256);
      used.push(...data.rows.filter((row) => !left.has(row.at)));
    }
    expect(used).toHaveLength(trained.split.train + trained.split.calibration + trained.split.test);
    const known = new Resemblance(used.map((row) => row.text));
    const names = (await readdir(DEMO).catch(() => [])).filter((name) => /\.(jsonl|csv)$/.test(name));
    const found: string[] = [];
    for (const name of names)
      for (const text of (await readTexts(join(DEMO, name))).rows)
        if (normalised(text).length >= 12)
          found.push(...known.like(text, 0.8).map((i) => `${name} ~ ${used[i]?.at}`));
    // Train the shipped model again (models/README.md) if demo texts were added.
    expect(found).toEqual([]);
  });
});
