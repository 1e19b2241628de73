const OPERATORS =
  'mtn|airtel|glo|globacom|9mobile|etisalat|t2|africell|utl|ugtelecom|lycamobile|comcast|xfinity|verizon|att|tmobile|t_mobile|vodafone|safaricom|spectranet|smile|swift|ntel|tizeti|ipnx|beejan|momo|starlink|starlinkng|telecom|telecel|econet|vodacom';
const OTHERS =
  'ncc|ngcom|fccpc|ucc|nimc|cbn|efcc|police|gtbank|gtb|uba|accessbank|zenithbank|firstbank|fcmb|opay|palmpay|kuda|moniepoint|paystack|flutterwave|dstv|gotv|netflix|youtube|whatsapp|facebook|twitter|instagram|google|apple|samsung|tecno|infinix|jumia|konga';
// Only a brand with what brands add to it is one: "attah", "globe" and "swiftie" are people's.
const BRAND = new RegExp(
  `^(?:the|ask|my|team|hello|hey)?_?(?:${OPERATORS}|${OTHERS})(?:_|mobile|telecom|mobility|ng|nig|nigeria|naija|ug|uganda|us|usa|world|care|cares|help|helps|helpdesk|support|online|business|media|africa|group|commission|hq|official|fibre|home|bank|customer|service|enquiries|\\d)*$`,
);

/** Whether a handle is an operator's, a regulator's or a company's; `own` are names and handles in lower case. */
export function isBrand(handle: string, own: ReadonlySet<string>): boolean {
  const name = handle.toLowerCase();
  if (own.has(name) || BRAND.test(name)) return true;
  for (const ours of own) if (ours.length >= 4 && name.startsWith(ours)) return true;
  return false;
}
