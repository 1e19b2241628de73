/** Headings that name a field, surest first; compared as `foldHeading` leaves them. */
export const NAMES = {
  text: [
    ...['complaint', 'complainttext', 'customercomplaint', 'complaintdetails', 'complaintdescription'],
    ...['text', 'message', 'messagetext', 'fulltext', 'tweet', 'post', 'body', 'content', 'utterance', 'sms'],
    ...[
      'description',
      'details',
      'comment',
      'comments',
      'feedback',
      'narrative',
      'remarks',
      'issue',
      'review',
    ],
    ...['complaints', 'notes', 'summary', 'problem'],
  ],
  occurredAt: [
    ...['occurredat', 'openedat', 'opened', 'dateopened', 'opendate', 'createdat', 'created', 'datecreated'],
    ...['createdon', 'createddate', 'creationdate', 'complaintdate', 'dateofcomplaint', 'receivedat'],
    ...['received', 'datereceived', 'receiveddate', 'loggedat', 'datelogged', 'reportedat', 'datereported'],
    ...['calldate', 'postedat', 'timestamp', 'datetime', 'date', 'time', 'day'],
  ],
  occurredTime: ['time', 'timeopened', 'openedtime', 'calltime', 'complainttime', 'createdtime', 'hour'],
  msisdn: [
    ...['msisdn', 'customermsisdn', 'customerphone', 'customermobile', 'phone', 'phonenumber', 'phoneno'],
    ...['mobile', 'mobilenumber', 'mobileno', 'callernumber', 'caller', 'contactnumber', 'telephone', 'gsm'],
  ],
  email: ['email', 'emailaddress', 'customeremail', 'mail'],
  account: [
    ...['account', 'accountno', 'accountnumber', 'accountid', 'customerid', 'customerno', 'customernumber'],
    ...['subscriberid', 'custid'],
  ],
  handle: ['handle', 'username', 'screenname', 'twitterhandle', 'xhandle', 'author'],
  sourceRef: [
    ...[
      'ticketid',
      'ticket',
      'ticketno',
      'ticketnumber',
      'ticketref',
      'complaintid',
      'complaintno',
      'caseid',
    ],
    ...[
      'caseno',
      'casenumber',
      'case',
      'reference',
      'referenceno',
      'ref',
      'refno',
      'requestid',
      'incidentid',
    ],
    ...['tweetid', 'postid', 'messageid', 'id', 'srnumber', 'sr'],
  ],
  conversationRef: ['conversationid', 'threadid', 'conversation', 'thread', 'inreplyto'],
  sourceStatus: ['status', 'ticketstatus', 'casestatus', 'complaintstatus', 'state', 'resolutionstatus'],
  sourceCategory: [
    ...['category', 'complainttype', 'complaintcategory', 'issuetype', 'type', 'reason', 'intent', 'tag'],
    ...['subject', 'topic'],
  ],
  place: ['city', 'town', 'location', 'place', 'area', 'lga', 'region', 'address'],
  channel: ['channel', 'receivedvia', 'via', 'medium', 'contactchannel', 'source', 'mode'],
  agentRef: ['agent', 'agentid', 'agentname', 'handledby', 'assignedto', 'csr', 'loggedby'],
  customerTier: ['tier', 'segment', 'customertier', 'customersegment', 'plan', 'customertype'],
  languageHint: ['language', 'lang', 'languagecode'],
  media: ['media', 'mediaurl', 'attachment', 'attachments', 'attachmenturl', 'image', 'imageurl'],
} as const;
export type NamedField = keyof typeof NAMES;

/** Position of a name in its list, -1 if it names something else. */
export const rankOf = (field: NamedField, folded: string): number =>
  (NAMES[field] as readonly string[]).indexOf(folded);

/** Dates of other things than the complaint's begin. */
export const LATER_DATE = /clos|resolv|solv|updat|modif|due|end|last|escalat|birth|expir|activat/;

/** Statuses under which nobody waits any more. */
export const CLOSED_STATUS =
  /^(?:auto.?)?(?:closed?|resolved|solved|completed?|done|fixed|cancell?ed|rejected|settled|duplicate)\b/i;
/** Words that statuses are made of, where the heading does not say that it is one. */
export const STATUS_WORD =
  /^(?:open|new|pending|closed?|resolved|solved|in.?progress|escalated|waiting|assigned|re-?opened|on.?hold|done|completed?)\b/i;
