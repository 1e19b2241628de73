import { describe, expect, it } from '@jest/globals';
import { read } from './context.js';

const flags = (text: string) => read(text).flags.join();

describe('flags', () => {
  it.each([
    ['I go sue una', 'threat'],
    ['I will report you to NCC', 'threat'],
    ['next stop is FCCPC', 'threat'],
    ['I am porting to Airtel tomorrow', 'threat'],
    ['I will take this to the press', 'threat'],
    ['see @NgComCommission, they lie', 'threat'],
    ['third time I am reporting this', 'repeat'],
    ['I have called 5 times', 'repeat'],
    ['it has failed again', 'repeat'],
    ['no network since morning', 'loss'],
    ['network no dey at all', 'loss'],
    ['I cannot make or receive calls', 'loss'],
    ['you deducted N500', 'money'],
    ['I bought 2GB. It has not entered', 'money'],
    ['una dey chop my airtime every week', 'repeat,money'],
    ['Third time you debit me, no service again, I go carry una go court', 'threat,repeat,loss,money'],
  ])('%j: %s', (text, expected) => expect(flags(text)).toBe(expected));

  it.each([
    'How do I port my number?',
    'I want to port from Glo to you',
    'NCC says every SIM needs a NIN',
    'I interpret for courts by video',
    'I no do again',
    'thanks once again',
    'the call cut five times',
    'I trade here every week',
    'network was down but it is back now',
    'no network issue so far',
    'good network o',
  ])('none: %j', (text) => expect(flags(text)).toBe(''));
});
