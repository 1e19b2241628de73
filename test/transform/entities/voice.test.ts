import { describe, expect, it } from '@jest/globals';
import { read } from './context.js';

describe('addressee', () => {
  it.each([
    ['MTN network has been down since morning', 'competitor'],
    ['@MTNNG why do you deduct my money?', 'competitor'],
    ['Dear Airtel, my account was debited', 'competitor'],
    ['@BeejanNG MTN is down too', 'us'],
    ['BeejanPay and MTN are both down', 'us'],
    ['I am moving to Airtel', 'us'],
    ['even Glo dey better pass una', 'us'],
    ['I cannot call MTN numbers', 'us'],
    ['my MTN line is fine, yours is bad', 'us'],
    ['no network', 'us'],
    ['Happy new month my people', 'nobody'],
    ['😭😭', 'nobody'],
    ['', 'nobody'],
  ])('%j: %s', (text, to) => expect(read(text).addressee).toBe(to));
});

describe('author', () => {
  it.each([
    ['no network', undefined, 'customer'],
    ['no network', 'gloryada', 'customer'],
    ['no network', 'mtn_fan', 'customer'],
    ['no network', 'beejanhater', 'customer'],
    ['no network', '@BeejanNG', 'operator'],
    ['no network', 'MTNNG', 'operator'],
    ['outage in Lagos', 'PremiumTimesng', 'press'],
    ['my data is slow', 'adanews', 'customer'],
    ['Dear customer, we apologise for the inconvenience. ^TO', undefined, 'operator'],
    ['They told me "we apologise for the inconvenience", I need my money', undefined, 'customer'],
    ['Dear customer your SIM will be blocked, send your PIN', undefined, 'customer'],
    ['User reports indicate problems at Beejan', undefined, 'bot'],
    ['BREAKING: fibre cut hits Lagos', undefined, 'press'],
    ['Breaking my heart, my data is gone', undefined, 'customer'],
  ])('%j by %s: %s', (text, handle, author) =>
    expect(read(text, handle === undefined ? {} : { author: { handle } }).author).toBe(author),
  );
});
