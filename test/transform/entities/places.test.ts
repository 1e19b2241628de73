import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { modelsDir } from '../../../src/paths.js';
import { keyOf, placesOfNigeria } from '../../../src/transform/entities/gazetteer.js';
import { read } from './context.js';

const named = (text: string) => read(text).places.map((p) => `${p.name}, ${p.state}`);

describe('places that are meant', () => {
  it.each([
    ['No bars in Lekki Phase 1, Lagos', ['Lekki Phase 1, Lagos', 'Lagos, Lagos']],
    ['Network for PH no dey', ['Port Harcourt, Rivers']],
    ['i dey v.i and my calls dey cut', []],
    ['Calls drop in V.I. daily', ['Victoria Island, Lagos']],
    ['Una service for Lasgidi don spoil', ['Lagos, Lagos']],
    ['no network in song, adamawa', ['Song, Adamawa', 'Adamawa, Adamawa']],
    ['Obi LGA has no mast', ['Obi, Nasarawa']],
    ['Benue people: Obi LGA has no mast', ['Obi, Benue', 'Benue, Benue']],
    ['I stay at Owo', ['Owo, Ondo']],
    ['bad service in Surulere', ['Surulere, Lagos']],
    ['bad service in Surulere, Oyo State', ['Surulere, Oyo', 'Oyo, Oyo']],
    ["Network adịghị n'Owerri", ['Owerri, Imo']],
    ['in Lekki, Ajah and Sabo nothing works', ['Lekki, Lagos', 'Ajah, Lagos', 'Sabo, Lagos']],
    ['POOR SERVICE IN OWO AND AKURE', ['Akure, Ondo', 'Owo, Ondo']],
    ['poor service in abakalliki', ['Abakaliki, Ebonyi']],
  ])('%j: %j', (text, places) => expect(named(text)).toEqual(places));

  it.each([
    'I do not like the song or the logo',
    'Obi and Sule of your shop helped me, thanks Musa',
    'Mr Kano promised to call me',
    'Zaria Street office is closed',
    'Naija network!',
    'My imo is not opening',
    'He is from Niger Republic',
    'o ni owo mi ni ojo meta',
    'the lager and the flamingo: in shelling, at matcha',
    '@Lagos_boy see this',
    'see https://example.com/Ikeja/Lagos now',
    '__proto__ constructor hasOwnProperty toString',
  ])('none: %j', (text) => expect(named(text)).toEqual([]));

  it('are at most five, the most specific first, with the words as said', () => {
    const { places } = read('Lagos, Ibadan, Kano, Jos, Warri and IKEJA gra have no network');
    expect(places).toHaveLength(5);
    expect(places[0]).toEqual({ name: 'Ikeja GRA', kind: 'area', state: 'Lagos', said: 'IKEJA gra' });
  });
});

describe('models/places/nigeria.json', () => {
  type State = { capital: string; lgas: string[]; cities: string[]; areas: string[] };
  const file = JSON.parse(readFileSync(join(modelsDir, 'places', 'nigeria.json'), 'utf8'));
  const states = Object.entries(file.states as Record<string, State>);
  const { byName } = placesOfNigeria();

  it('has 36 states, the FCT and 774 local governments', () => {
    expect(states).toHaveLength(37);
    expect(states.reduce((n, [, s]) => n + new Set(s.lgas).size, 0)).toBe(774);
  });

  it('finds every name with its state, every capital, every alias', () => {
    for (const [state, { capital, lgas, cities, areas }] of states) {
      for (const name of [state, capital, ...lgas, ...cities, ...areas])
        expect(byName.get(keyOf(name))?.places.map((p) => p.state)).toContain(state);
    }
    for (const alias of Object.keys(file.aliases)) expect(byName.get(alias)?.places).not.toEqual([]);
  });

  it('spells its lists as the lookup does', () => {
    const spoken = [
      ...Object.keys(file.aliases),
      ...Object.values(file.context as Record<string, string[]>).flat(),
    ];
    for (const name of spoken) expect(keyOf(name)).toBe(name);
    for (const name of Object.values(file.context as Record<string, string[]>).flat())
      expect(byName.has(name)).toBe(true);
  });
});
