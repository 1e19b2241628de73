import { expect, it } from '@jest/globals';
import { read } from './context.js';

it.each([
  ['my calls drop and sms fail', ['voice', 'sms']],
  ['internet is slow', ['mobile_data']],
  ['internet on my router is slow', ['fixed_internet']],
  ['10GB vanished', ['mobile_data']],
  ['remove this caller tune', ['vas']],
  ['airtel money wallet', ['mobile_money']],
  ['port my number', ['porting']],
  ['I live in Port Harcourt', []],
  ['esim qr code for my sim', ['sim', 'esim']],
  ['constructor __proto__', []],
])('%j: %j', (text, services) => expect(read(text).services).toEqual(services));
