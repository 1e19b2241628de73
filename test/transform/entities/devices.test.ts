import { expect, it } from '@jest/globals';
import { read } from './context.js';

it.each([
  ['my iphone 13 pro max has no bars', ['iPhone 13 Pro Max']],
  ['tecno spark 10c and Infinix Hot 30i', ['Tecno Spark 10C', 'Infinix Hot 30i']],
  ['Samsung Galaxy A05s', ['Samsung Galaxy A05s']],
  ['galaxy A14 of mine', ['Samsung Galaxy A14']],
  ['the mifi and the router', ['MiFi', 'router']],
  ['my Nokia', ['Nokia']],
  ['iphone 2gb plan', ['iPhone']],
  ['a spark of hope, nothing works, hot pop', []],
])('%j: %j', (text, devices) => expect(read(text).devices).toEqual(devices));
