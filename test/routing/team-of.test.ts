import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { CATEGORIES } from '../../src/complaint/labels.js';
import { packageRoot } from '../../src/paths.js';
import { loadRouting } from '../../src/routing/rules.js';
import { teamOf } from '../../src/routing/team-of.js';

const routing = loadRouting(join(packageRoot, 'config/routing.yaml'));
const labels = { sentiment: 'negative', urgency: 'normal' } as const;

describe('the team of labels', () => {
  it('is that of the rules, whether or not there is a second category', () => {
    expect(teamOf(routing, { ...labels, category: 'network', second: '-' })).toBe('network-operations');
    expect(teamOf(routing, { ...labels, category: 'network' })).toBe('network-operations');
    expect(teamOf(routing, { ...labels, category: 'billing', second: 'network' })).toBe('billing');
  });

  it('is a team that there is, for every category', () => {
    for (const category of CATEGORIES)
      expect(Object.keys(routing.teams)).toContain(teamOf(routing, { ...labels, category }));
  });
});
