import { modelText } from '../../../src/inference/transformer/text.js';

/** Messages with everything that text function and tokenizer could see differently in two languages. */
const RAW = [
  '',
  ' ',
  '😡😡😡',
  '👩🏽‍💻 her router is bad 🇳🇬',
  'MTN why is my data finishing?! 2GB gone in 1 hour @MTNNG @someone https://t.co/x1',
  'I paid ₦5,000 and got NOTHING… refund me abeg',
  'Ina so a gyara min layi, ƙarfin sigina ya ɓace, ɗan ƴa',
  'Ẹ jọ̀ọ́, nẹ́tíwọ̀kì yín ti burú jù',
  'Biko, netwọk unu adịghị mma',
  'Network don spoil since yesterday for Ajah, una no dey hear word?',
  'call [PHONE] or [EMAIL], ticket [ID]; not [SOMETHING] nor [phone]',
  'e-mail me at x.y@z.com, or on WhatsApp (0803)',
  'naïve café Ångström ﬁne ２ＧＢ',
  'data\u200bbundle\u00ad joined\u2028line',
  "It's   been   3 days... y'all don't care!!!",
  '中文 network 信号 bad',
  'a'.repeat(150),
  'ALL CAPS INTERNET IS DOWN IN LEKKI PHASE 1',
  'RT @user: Airtel_Ug data #WorstNetwork #fix_it',
  '\ud800 lone surrogate \udc00 here',
  'عربي нет связи',
  'typed by hand: [SEP] and [MASK], [CLS] [PAD] [UNK]',
  'a mark @\u0301nobody hides ww\u0301w.site.ng nothing',
  '1️⃣ first, 2️⃣ second ❤️ ☎️',
];

/** What golden.jsonl begins as: raw text, and the text as the model reads it; export.py adds ids and logits. */
export const goldenTexts = (more: readonly string[]) =>
  [...RAW, ...more].map((raw) => ({ raw: raw.toWellFormed(), text: modelText(raw) }));
