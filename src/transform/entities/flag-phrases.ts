import { phrases } from './phrases.js';

/** What the flags go by, grouped by what it says. */

const REGULATOR =
  '(?:ncc|ngcomcommission|fccpc\\w*|ucc|uccofficial|fcc|cpc|efcc|consumer protection|regulator|ombudsman|nitda|ndpc)';
const SEVERAL = '(?:\\d{1,3}|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|several|many)';
const WENT_TO =
  '(?:called|call|reported|report|complained|complain|visited|written|wrote|emailed|messaged|asked|contacted|told|dm|tweeted|chatted|gone|been)';
const TIME = '(?:days?|weeks?|months?)';

export const COURT = phrases(
  'sue|suing|sued|lawyers?|solicitors?|attorney|litigation|petition',
  'legal (?:action|steps?|team)',
  '(?:to|go|in|consumer|high) (?:a |the )?court',
);
export const TO_REGULATOR = phrases(
  `(?:report|complain|complaint|petition|tak(?:e|ing)|took|forward|cc|copy|copying|escalat(?:e|ing)|writ(?:e|ing)|fil(?:e|ing)|tell|contact|go|going|call|calling|drag)~6 ${REGULATOR}`,
  `next (?:stop|step)~4 ${REGULATOR}`,
  'ngcomcommission|fccpcnigeria|uccofficial',
  `${REGULATOR} (?:must|should|needs?|need to|will hear|go hear|please|pls|abeg|come|see|help)`,
);
export const TO_PRESS = phrases(
  '(?:to|in) the (?:press|media|newspapers?|papers)',
  '(?:go|going|make (?:it|this)) viral',
  'post (?:it|this) (?:everywhere|all over|online)',
  '(?:drag|expose) (?:you|una)',
);
export const LEAVING = phrases(
  'port(?:ing)? (?:out|away|my (?:number|line)|to \\w+|from (?:this|una|your))',
  '(?:i|we|ill|im|am|go|gonna|will|dey)~3 (?:port|ported|porting|dump|dumping|leave|leaving|ditch|ditching|abandon) (?:you|una|this|your|the|out|to)',
  '(?:mov(?:e|ing)|switch(?:ing)?|chang(?:e|ing)|cross(?:ing)?) (?:over )?to (?:mtn|airtel|glo|9mobile|starlink|spectranet|another|a different|other|better)',
  'go(?:ing)? (?:to )?another network|change (?:my )?network',
  '(?:break|throw(?:ing)?|trash) (?:away )?(?:this|your|una|the|my) (?:sim|line)',
);
/** A question, or a wish to come to us. */
export const ASKS_TO_PORT = phrases(
  'how (?:do|can|to|i|will)~3 port',
  '(?:want|like) to port~4 to (?:you|your|una)',
);

export const TIMES = phrases(
  '(?:second|third|fourth|fifth|sixth|2nd|3rd|[4-9]th|1\\dth|nth|umpteenth)~1 (?:time|call|complaint|report|visit|message|email|mail|day in a row)',
  `${WENT_TO}(?: (?!cut|drop)\\w+){0,7} (?:${SEVERAL} times|twice|thrice|severally|several times|countless times)`,
  `${SEVERAL} (?:calls|complaints|reports|emails|tickets|visits|times i (?:have )?(?:call|report|complain)\\w*)`,
  'x ?[2-9] (?:calls|no show)|how many times|times without number|over and over|yet again|once more|don start again',
  '(?:call|complain|report|talk|explain) (?:don )?tire|tire to (?:call|complain|report)',
  'keeps? (?:calling|complaining|reporting|telling|promising)',
);
export const STILL_OPEN = phrases(
  'still (?:not|no|havent|hasnt|unresolved|pending|open|waiting|nothing|never|have not|has not)~8 (?:since|after|days?|weeks?|months?|hours?|resolved|fixed|update|feedback|response|reply|technician)',
  '(?:reported|complained|logged|opened|promised|promise)~~12 (?:never|nobody|no one|no feedback|no response|nothing|not|no reply)',
  `(?:no (?:feedback|response|reply|update)|nobody (?:has )?call(?:ed)?)~6 (?:case|ticket|complaint|${TIME}|back)`,
  `(?:open|pending|unresolved|unattended) (?:for|since)~1 ${SEVERAL} ${TIME}`,
);
export const DAILY = phrases(
  '(?:every|each) (?:single )?(?:day|week|month|time|night|morning)',
  'everyday|evryday|kullum|lojoojumo',
);

const SERVICE =
  '(?:network|netwok|netwrk|signal|service|internet|data|coverage|reception|bars?|calls?|connection|fib(?:re|er)|browsing)';
export const GONE = phrases(
  `(?:no|zero|without|babu|ba) (?:\\w+ ){0,2}?${SERVICE}(?! (?:issues?|problems?|plans?|shop|store|charges?|bundles?)\\b)`,
  `${SERVICE}~6 (?:no dey|is down|are down|was down|been down|went off|is off|is out|totally down|completely down|is dead|don die|zero|adighi|not working|isnt working|has stopped|stopped working)`,
  '(?:all|completely|totally|entire(?:ly)?|everything) (?:is )?(?:down|offline|dead|out)',
  'total (?:outage|blackout|loss)|(?:been|are|is|were) offline|down (?:since|for)|(?:fib(?:re|er)|network|internet|line) down',
  'red (?:los )?light|los (?:red|light|is red)|blink(?:ing)? red|nothing (?:is )?work(?:s|ing)|not connecting',
  '(?:cannot|cant|unable to|not able to) (?:make|receive)~4 calls?|had no calls',
  'no get (?:network|signal|service)|no dey (?:work|connect|browse)',
);
export const BACK = phrases(
  'back now|is back|now back|came back|restored|(?:resolved|working|fine) now',
  'no network (?:issue|problem|charge)|without (?:network )?(?:issue|problem|any issue)',
);

const SUM = '(?:money|airtime|naira|balance|\\d+k|\\d{3,})';
const NOT_COME = '(?:not|never|yet|didnt|did not|have not|havent|hasnt|no|nothing)';
export const TAKEN = phrases(
  'debit(?:ed|s)?|deduct(?:ed|ion|ions|s|ing)?|overcharg(?:ed?|ing)|double (?:charge|charged|debit|payment)',
  '(?:un)?authori[sz]ed (?:debit|charge|transaction)s?|(?:charged|charging|charge|billed) (?:me|us|my|her|him|n ?\\d|ngn)',
  'stole|stolen|steal(?:ing)?|thief(?:ed)? (?:my|me)|thieves|ole|barawo|robbery|wallet lost',
  `(?:chop|chopped|chopping|removed?|zap(?:ped)?|comot|swallow(?:ed)?|carry|collect(?:ed)?|took|finish|eat|eating)~3 ${SUM}`,
  `(?:my|the) (?:money|airtime|balance)~4 (?:gone|vanish\\w*|disappear\\w*|missing|finish\\w*)`,
  'da owo mi|(?:money|owo|kudi|kudin|ego|naira)~5 (?:back|pada|tan|mi|na)',
);
export const PAID_IN_VAIN = phrases(
  `(?:paid|pay|bought|buy|recharged|loaded|load|sent|transferred|transfer|send|subscribed|subscribe|topped up)~~14 (?:${NOT_COME}~3 (?:receiv\\w*|credit\\w*|enter\\w*|reflect\\w*|seen|see|show\\w*|come|work)|vanish\\w*|disappear\\w*|no dey work|gave me)`,
  `${NOT_COME} (?:reflect\\w*|enter|credited)`,
  'refund(?:ed)?|revers(?:e|al)|return my|give (?:me )?(?:back )?my (?:money|airtime)',
);
