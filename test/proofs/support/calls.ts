import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Workload } from '../../../bench/proofs/work.js';

const COMPLAINTS = [
  'No network in {place} since {n} days, I cannot call anybody and nobody tells us anything',
  'My data of {n} GB finished overnight and I did not use it. This is theft!',
  'Una don chop my {n} naira again, I never subscribe for any caller tune o',
  'You billed me twice, {n} naira each time; the "agent" said wait, then hung up',
  'Sent {n} naira from my wallet to a wrong number, the money is gone and support ignores me',
  'Internet in {place} is so slow that a page takes {n} minutes. Terrible service',
  'My SIM was blocked after registration {n}, I went to your office in {place} three times for nothing',
  'Somebody got my PIN and emptied my wallet of {n} naira, please block it now!!!',
] as const;
const OTHERS = [
  'Thank you, the engineer in {place} was very kind and everything works fine',
  'Great, the new plan of {n} GB is the best I ever had. Well done',
  'Good morning, what are the opening hours of your shop in {place}?',
] as const;
const PLACES = ['Ikeja', 'Kano', 'Enugu', 'Port Harcourt', 'Ibadan'] as const;

const pick = <T>(list: readonly T[], n: number): T => list[n % list.length] as T;
const cell = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** One export of the feed call_centre: old tickets, mostly complaints, some closed, some with several lines. */
export function callsFile(rows: number): Workload {
  const lines = Array.from({ length: rows }, (_, i) => {
    const words = i % 4 === 3 ? pick(OTHERS, i >> 2) : pick(COMPLAINTS, i);
    const place = pick(PLACES, i);
    const text = words.replace('{place}', place).replace('{n}', String(2 + (i % 40)));
    const day = String(1 + (i % 28)).padStart(2, '0');
    return [
      String(70_000 + i),
      `0803${String(1_000_000 + i * 37)}`,
      i % 10 === 5 ? `${text}\nPlease call back.` : text,
      `2025-03-${day} 09:30`,
      pick(['Phone', 'Shop'], i),
      place,
      pick(['Open', 'Open', 'Closed'], i),
    ]
      .map(cell)
      .join(',');
  });
  const path = join(mkdtempSync(join(tmpdir(), 'redress-calls-')), 'calls.csv');
  const heading = 'ticket_id,customer_phone,complaint,opened_at,channel,city,status';
  writeFileSync(path, `${[heading, ...lines].join('\n')}\n`);
  return { path, feed: 'call_centre', rows };
}
