import type { Words } from './tokens.js';
import { SERVICES, type Service } from '../../complaint/entities.js';

const SAID: Readonly<Record<Service, string>> = {
  voice: 'call calls calling voice caller',
  sms: 'sms text texts texting message messages',
  mobile_data:
    'data 3g 4g 5g lte browse browsing mb gb hotspot mifi megabytes gigabytes internet intanet yanar_gizo',
  fixed_internet: 'fibre fiber ftth broadband router wifi wi_fi ont odu los modem fwa',
  tv: 'tv iptv decoder dstv gotv startimes channels set_top_box',
  roaming: 'roaming roam',
  mobile_money: 'momo wallet mobile_money airtel_money psb ussd_transfer mo_mo',
  airtime:
    'airtime recharge recharged recharging topup top_up kati credit_card_recharge voucher recharge_card katin',
  vas: 'vas crbt caller_tune caller_tunes callertune callertunes ring_back ringback dnd unsubscribe auto_renewal value_added horoscope jokes_service subscribed_me autorenew do_not_disturb',
  sim: 'sim simcard sims puk puk1 nin sim_swap line_blocked',
  esim: 'esim esims e_sim qr_code',
  porting: 'port porting ported mnp port_out port_in portability',
};

const BY_WORD = new Map<string, Service>();
for (const service of SERVICES)
  for (const word of SAID[service].split(' ')) BY_WORD.set(word.replaceAll('_', ' '), service);

/** A bundle written as one word: 10gb, 500mb. */
const BUNDLE = /^\d+[mg]b$/;

/**
 * Services that are named, in the order of the closed list. Words in `covered` belong to a place (Port Harcourt).
 * `internet` alone is mobile data; beside a word of fibre, router or wifi it is not.
 */
export function servicesIn({ tokens }: Words, covered: ReadonlySet<number>): Service[] {
  const found = new Set<Service>();
  let internet = false;
  for (let at = 0; at < tokens.length; at++) {
    if (covered.has(at)) continue;
    const word = tokens[at]?.fold ?? '';
    const pair = BY_WORD.get(`${word} ${tokens[at + 1]?.fold ?? ''}`);
    if (pair) {
      found.add(pair);
      at++;
    } else if (word === 'internet') internet = true;
    else if (BUNDLE.test(word)) found.add('mobile_data');
    else {
      const service = BY_WORD.get(word);
      if (service) found.add(service);
    }
  }
  if (internet && !found.has('fixed_internet')) found.add('mobile_data');
  return SERVICES.filter((service) => found.has(service));
}
