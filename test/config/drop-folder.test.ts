import { describe, expect, it } from '@jest/globals';
import { parseFeeds } from '../../src/config/feeds.js';

const DEFAULTS = { routeWithin: 60_000, region: 'NG' as const, zone: 'UTC' };
const feeds = (...said: string[]) =>
  parseFeeds(
    `feeds:\n${said.map((s, i) => `  f${i}:\n    source: call_log\n    mapping: { text: a }\n    ${s}\n`).join('')}`,
    'sources.yaml',
    DEFAULTS,
  );
const feed = (said: string) => feeds(said).get('f0');

describe('the drop folder of a feed', () => {
  it('is off, the one of the data folder, or one that is named', () => {
    expect(feed('lane: bulk')).not.toHaveProperty('inbox');
    expect(feed('inbox: false')).not.toHaveProperty('inbox');
    expect(feed('inbox: true')?.inbox).toBe(true);
    expect(feed('inbox: /srv/calls')?.inbox).toBe('/srv/calls');
  });

  it('needs a mapping, and a folder of its own', () => {
    expect(() =>
      parseFeeds('feeds:\n  a:\n    source: call_log\n    inbox: true\n', 'sources.yaml', DEFAULTS),
    ).toThrow(/sources.yaml:4.*needs a mapping/s);
    expect(() => feeds('inbox: ./calls', 'inbox: calls/../calls')).toThrow(/folder of feed f0 too/);
    expect(feeds('inbox: true', 'inbox: true').size).toBe(2);
  });
});

describe('complete', () => {
  it('is a word, or an expression for the trailer', () => {
    expect(feed('complete: stable')).not.toHaveProperty('complete');
    expect(feed('complete: done-file')?.complete).toEqual({ kind: 'done-file' });
    expect(feed('complete: checksum')?.complete).toEqual({ kind: 'checksum' });
    expect(feed('complete: { trailer: "^END;([0-9]+)" }')?.complete).toEqual({
      kind: 'trailer',
      pattern: '^END;([0-9]+)',
    });
  });

  it.each([
    ['TRAILER,123', '123'],
    ['"TRAILER";"5";;', '5'],
    ['TRAILER\t0', '0'],
    ['My TRAILER,1', undefined],
    ['TRAILER,1,2', undefined],
  ])('trailer takes %j for the count %s', (row, count) => {
    const complete = feed('complete: trailer')?.complete;
    const pattern = complete?.kind === 'trailer' ? complete.pattern : '';
    expect(new RegExp(pattern).exec(row)?.[1]).toBe(count);
  });

  it.each([
    ['complete: trailr', 'Did you mean "trailer"'],
    ['complete: { trailer: "END" }', '0 groups'],
    ['complete: { trailer: "(a)(b)" }', '2 groups'],
    ['complete: { trailer: "(a" }', 'no regular expression'],
    ['complete: { tail: "(a)" }', 'not a known key'],
  ])('%s is an error that says so', (said, words) => {
    expect(() => feed(said)).toThrow(words);
  });
});
