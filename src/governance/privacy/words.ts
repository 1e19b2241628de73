const set = (...lists: readonly string[]): ReadonlySet<string> => new Set(lists.join(' ').split(' '));

/** Days and months are names too, but not by themselves. */
export const CALENDAR: ReadonlySet<string> = set(
  'monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun',
  'january february march april may june july august september october november december',
  'jan feb mar apr jun jul aug sept sep oct nov dec',
);

/** Words that no name is made of, by what they are; all in lower case without accents. */
export const NO_NAME: ReadonlySet<string> = set(
  // English, with its contracted and hurried forms
  'a an the this that these those i me my mine myself we us our you u your ur yours he him his she her it its they them their',
  'am is are was were be been being have has had having do does did done doing will would shall should can cannot cant could may might must',
  'not no nor and or but so if then than because since while when where why how what who whom which whose',
  'of in on at by for from to into onto with without within about after before behind between beside near off over under up down out through via per until till during against opposite',
  'as also too very just only still even again already always never ever now here there today yesterday tomorrow soon later ago',
  'please pls plz plss kindly dear sir ma hello hi hey good morning afternoon evening night day days thanks thank thx tanx regards sincerely faithfully yours truly best cheers sorry ok okay yes yeah yea nope lol omg',
  'all any both each every few many more most much other others another some such same own one two three four five six seven eight nine ten first second third last next once twice double several',
  'get gets got getting give gave given go goes going gone went make made making take took taken taking see saw seen say says said tell told come comes came coming call calls called calling use used using want wants wanted need needs needed know knows try tries tried trying keep keeps put send sent sending buy bought pay paid paying lose lost find found ask asked asking help work works working worked wait waiting waited talk talking speak speaking write writing wrote written live living stay staying reach complain complained complains complaining report reported request requested confirm confirmed like liked think thinking feel feeling believe wish hope call let lets stop start open close closed check checked show shows showing shown look looking became become subscribed registered register spelt spelled misspelt misspelled linked changed wrong wrongly correct corrected correctly missing different mismatch mismatched blank hidden whose aware',
  'happy sad angry tired upset annoyed frustrated furious disappointed disgusted fed sick unhappy pleased satisfied dissatisfied unsatisfied serious urgent bad worse worst terrible horrible poor slow nonsense useless rubbish ridiculous unacceptable unfair wicked insane crazy mad stranded confused surprised shocked worried afraid sure certain able unable ready busy new old young elderly loyal regular faithful long proud blind deaf fine well great nice big small full empty free real right left true false fake really seriously simply actually currently presently experiencing having facing unable under just getting based home abroad outside inside online offline dead alive stuck locked blocked barred down',
  // Who and what people are, and what operators deal in
  'customer customers cust subscriber subscribers client clients caller user users person people man woman men women boy girl guy sister brother mother father mum mom dad wife husband son daughter child children family friend friends neighbour neighbor resident residents landlord tenant student students teacher lecturer doctor nurse lawyer trader farmer driver engineer pensioner widow widower citizen visitor tourist business owner ceo chairman chairperson president director manager managers supervisor head officer secretary accountant admin administrator agent agents staff technician representative rep team teams management department dept desk sales procurement support care service services unit office operations commander user victim christian muslim',
  'network netwok internet data airtime recharge credit bundle bundles plan plans line lines sim sims esim phone phones number numbers numba mobile router modem mifi wifi fibre fiber voice sms text message messages call calls roaming signal mast bars app apps website portal account accounts bank wallet card money naira refund refunds balance bill bills billing invoice invoices payment payments subscription tariff promo bonus deduction deductions charge charges charged ticket tickets complaint complaints issue issues problem problems fault error errors otp pin puk nin bvn imei iccid msisdn id kyc vat vas ussd dnd email mail gmail address name names contact details info information status case reference ref subject title date time category priority id webform chatbot whatsapp facebook twitter instagram chrome android ios windows web chat bot system server gateway api',
  'mtn airtel glo globacom etisalat 9mobile africell utl beejan spectranet smile swift ntel tizeti ipnx comcast xfinity verizon tmobile vodafone starlink safaricom samsung tecno infinix itel iphone apple nokia huawei xiaomi redmi oppo vivo google dstv gotv nepa phcn ncc fccpc nimc cbn xtravalue flex bigg biggs shoprite jumia konga uba gtb gtbank opay palmpay kuda zenith fcmb',
  'nigerian nigerians ugandan ugandans ghanaian kenyan african american british igbo ibo hausa yoruba fulani pidgin english',
  'awaiting hoping expecting anticipating experiencing executive general assistant deputy senior junior chief minister senator governor honourable identity identification tune tunes experience relations relation success engagement feedback satisfaction retention wishes module gold silver platinum premium prepaid postpaid corporate retail enterprise wholesale',
  'jesus god allah christ lord',
  'cc ci re adv esc msg src lang via fyi asap nb ps rt dm vip pos atm hotel',
  // Pidgin
  'na no dey don una wetin wey go come sabi abeg abi sef sha oga oya o oh ooo ah haba wahala chai omo make wan fit e dem dis dat nobody person pikin dia im en wen how far abegi well',
  // Hausa
  'ne ce ya ta na da ba ka ki ku su mu wannan daga zuwa ina kuma amma sai don wai tun yau jiya kwana layi layina nawa naku cikin akan kan a an yana tana suna dina ta ni shi ita',
  // Yoruba
  'mo mi ti ni ko ki fun won lo lati si awon eyin emi oun pe je wa yin kan gan nipa ati tabi sugbon jowo ejo ejoo e',
  // Igbo
  'nke m unu anyi ha ya bu na ka mana biko maka ebe ihe onye adighi otu ndi site bi kemgbe gi si ga',
);

/** With one of these in it, it is a company, an institution or a place. */
export const INSTITUTION: ReadonlySet<string> = set(
  'ltd limited plc inc llc nig enterprise enterprises ventures company co group technologies tech telecom telecoms communications bank microfinance insurance school college university polytechnic academy hospital clinic pharmacy church mosque ministry ministries parish association union society foundation agency commission bureau embassy hotel hotels restaurant supermarket market mall plaza store stores shop shops farm farms office centre center stadium airport station terminal bridge road street avenue close crescent way lane estate expressway highway junction roundabout phase layout quarters state city town village area local government gateway house park camp',
);

/** No name begins with these; a surname may be one of them. */
export const PLACES: ReadonlySet<string> = set(
  'nigeria uganda ghana kenya africa america uk usa us london houston lagos abuja kano ibadan kaduna',
  'portharcourt harcourt benin enugu aba onitsha warri owerri calabar uyo jos ilorin abeokuta osogbo',
  'akure asaba awka nsukka maiduguri sokoto zaria katsina bauchi gombe yola jalingo makurdi lokoja',
  'minna lafia dutse damaturu birnin gusau ekiti ondo ogun oyo osun kwara kogi niger benue plateau',
  'nasarawa taraba adamawa borno yobe jigawa zamfara kebbi delta edo bayelsa rivers ebonyi abia anambra',
  'imo cross akwa ibom fct ikeja lekki ajah yaba surulere mushin oyingbo oshodi agege ikorodu epe',
  'badagry festac apapa isolo okota egbeda alimosho ojota ketu maryland victoria island ikoyi gwarinpa',
  'wuse garki maitama jabi kubwa nyanya lugbe asokoro kampala entebbe jinja gulu mbarara nairobi accra',
  'mainland',
);
