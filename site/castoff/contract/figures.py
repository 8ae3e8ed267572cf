"""What a line must say, and in which company, to be one about money: patterns over plain lower-case words.

What could be money is matched loosely and what is harmless strictly. Possessive quantifiers (`*+`) keep a number whole:
28.5 ft is not 28. No pattern looks further than it must, so that a line of any shape takes time by its length alone.
"""

from __future__ import annotations

import re
from typing import Final

from castoff.contract.lettering import as_read
from castoff.contract.places import without_places
from castoff.contract.sums import is_counted_up, is_share
from castoff.contract.vocabulary import CODES, COINS, HOMONYMS, KNOWN, SERVICES, WITHIN, is_compound, is_strong


def speaks(words: str) -> bool:
    """Tell whether a line is about money; `words` are as `lettering.as_read` returns them, single spaces between."""
    words = _PERCENT.sub("%", words)
    known = _known(words)
    if known:
        words = _HARMLESS.sub(" ", words)
        known = _known(words)
        if any(map(is_strong, known)) or _IN_COMPANY.search(words):
            return True
    if not words.isascii() and any(word in words for word in WITHIN):
        return True
    return "$" in words or _has_sum(words)


def has_figure(words: str) -> bool:
    """Tell whether a number stands in a line that is no time, date, measure, count or place."""
    return _NUMBER.search(_PLAIN_NUMBERS.sub(" ", _MEASURED.sub(" ", words))) is not None


def is_bare(words: str) -> bool:
    """Tell whether a line is a sum and nothing else: three digits or a decimal, and no time such as 0930."""
    return _BARE.fullmatch(words) is not None and has_figure(words)


def begins_with_sum(words: str) -> bool:
    """Tell whether a line goes on with a number that is no time, date, measure or count."""
    return _BEGINS.match(words) is not None and has_figure(words[:_NEAR])


def ends_with_sum(words: str) -> bool:
    """Tell whether a line breaks off behind a number."""
    return _ENDS.search(words[-_NEAR:]) is not None


def _known(words: str) -> list[str]:
    return [word for word in _WORD.findall(words) if word in KNOWN or is_compound(word)]


def _has_sum(words: str) -> bool:
    if _PERCENTAGE.search(words) and (_SHARE.search(words) or is_share(words)):
        return True
    if _FIGURES.search(words) or (_THOUSANDS.search(words) and _THOUSANDS.search(_MEASURED.sub(" ", words))):
        return True
    placed = without_places(words) if _LARGE.search(words) else words
    if _COMPANY.search(placed) and _WITH_WORDS.search(placed):
        return True
    if _LARGE.search(placed) and is_counted_up(_PLAIN_NUMBERS.sub(" ; ", _MEASURED.sub(" ; ", placed))):
        return True
    if _PARTS.search(words) and _makes_a_whole(_MEASURED.sub(" ", words)) and not _SIDES.search(words):
        return True
    return _TWO_PLACES.search(words) is not None and _TWO_PLACES.search(_MEASURED.sub(" ", words)) is not None


def _makes_a_whole(words: str) -> bool:
    return any(int(one) + int(other) == 100 for one, other in _PARTS.findall(words))  # noqa: PLR2004 - per cent


def _one_of(*choices: str) -> str:
    return f"(?:{'|'.join(choices)})"


def _words(*choices: str) -> str:
    # Digits may touch a word (`revenue840`), letters may not.
    return f"(?<![^\\W\\d_]){_one_of(*choices)}(?![^\\W\\d_])"


_NEAR: Final = 60
"""How much of a line's end or beginning is looked at for what a line break tore apart."""
_WORD: Final = re.compile(r"[^\W\d_]+")
_PERCENT: Final = re.compile(r"(?<![a-z])(?:per ?cent|pct|prozent|procent|por ?ciento|pour ?cent)(?![a-z])")

_UNITS: Final = _one_of(
    r"am|pm|a\.m\.|p\.m\.|h|hrs?|hours?|min|mins|minutes?|o'clock|sharp|uhr|heures",
    r"m|meters?|metres?|ft|feet|foot|'|\"|inch|inches|nm|miles?|km|kn|kts?|knots?|cm|mm|yards?|fathoms?",
    r"mhz|khz|hz|degrees?|deg|volts?|v|amps?|ah|w|watts?|psi|bar|mb|hpa|rpm|hp|liters?|litres?|l|ml|oz|gal|gallons?"
    r"|kg|g",
    r"lbs?|pounds?|tons?|tonnes?|gt|nt|mph",
)
_UNIT: Final = rf" *{_UNITS}(?![\w$])"
_PEOPLE: Final = (
    r"people|guests?|persons?|adults?|kids?|children|pax|passengers?|souls?|ladies|men|women|babies|dogs?|bags?"
    r"|life ?jackets?|vests?|towels?|bottles?|chairs?|cushions?|glasses|plates|cups|bikes|boards?|rods?|fenders?|lines?"
)
_NOT_A_SUM: Final = rf"(?!{_UNIT}| *(?:%|{_PEOPLE})(?![a-z])|:\d)"
_SUM: Final = rf"\$? *(?!0\d{{3}}(?!\d))\d{{2}}[\d.,']*+{_NOT_A_SUM}"
_LARGE_SUM: Final = rf"\$? *(?!0\d{{3}}(?!\d))\d{{3}}[\d.,']*+{_NOT_A_SUM}(?![ -]\d{{3}})"
_LINK: Final = (
    r"\.?(?: *(?:[-:=~>*|/@+]|(?:to (?:the )?(?:captain|crew|owner)|due|is|was|are|will be|comes to|of|at|about|around"
    r"|on|for|off|has|gets|got)\b))* *"
)
_NO_SUM_BEHIND: Final = r"(?! *[-:=]? *\$? *\d)"
_RECEIVERS: Final = r"captain|skipper|crew|owner|broker|house|boat|mate|deckhand|operator|platform|agency|agent"
_PAID: Final = "captain|skipper|crew|owner|broker|house|mate|deckhand"
_THE: Final = r"(?:the |our |my |your |his |her |their )?"
_TO: Final = r"(?:(?:goes |go |is |are )?(?:to|for) )?"
_A_HEAD: Final = r"(?:/|per |a |p\.?) *(?:h|hr|hrs|hour|day|head|person|pax|pp|p|guest|night|trip|charter)(?![a-z])"
_CARRIED: Final = (
    r"trash|garbage|rubbish|waste|recycling|bottles|cans|litter|keys?|towels?|life ?jackets?|bags?|shoes|coolers?"
    r"|luggage"
    r"|linens?|gear|mail|anything|leftovers|food|glass|cups|it|them"
)
_CHARGED: Final = (
    r"radios?|phones?|batter(?:y|ies)|handhelds?|torch(?:es)?|flashlights?|lights?|speakers?|cameras?|gopros?"
    r"|drones?|vhfs?"
    r"|tablets?|ipads?|devices|scooters?|everything|lanterns?|headlamps?|sonar"
)

_FIRST_NAMES: Final = (
    "ada|adam|alex|alice|amy|ana|andrea|anna|anne|ben|bob|carla|carlos|chris|clara|dan|dana|daniel|david|diego|elena"
    "|ella|emily|emma|eric|eva|frank|george|grace|hannah|henry|ines|jack|jada|james|jane|jean|jim|joe|john|jose|julia"
    "|kate|kevin|kim|laura|lena|leo|lisa|lucas|lucy|luis|maria|mark|martin|mary|max|maya|mia|michael|mike|nina|noah"
    "|nora|oliver|oscar|paul|peter|rosa|sam|sara|sarah|simon|sofia|sophie|susan|thomas|tim|tom|tony|vera|will|zoe"
)
_AN_HOUR: Final = r"(?:(?:[01]?\d|2[0-3])[.,:](?:00|15|30|45)(?![\d.,])|noon)"
_HARMLESS: Final = re.compile(
    _words(
        r"(?:free of|no extra|no|without) charge|at no charge|(?:in|on|take|takes|took|full|has|have) charge(?: of)?",
        rf"(?:re)?charg(?:e|es|ed|ing) (?:up )?(?:the |our |your |all |both |every |spare )*(?:\w+ )?(?:{_CHARGED})",
        rf"(?:{_CHARGED}) (?:[a-z']+ ){{0,4}}(?:charge|charged|charging)(?: up| overnight)?{_NO_SUM_BEHIND}",
        r"(?:fully|keep|get|being|state of|trickle|battery|turbo) charge[dr]?",
        r"coast ?guard|cost guard|coast to coast",
        rf"(?:landing|fishing|safety|cargo|dip|bait|lazy|casting|volleyball|trampoline|mosquito|hair|crab"
        rf"|scoop) nets?{_NO_SUM_BEHIND}",
        rf"(?:bring|take|carry|hand|pass|stow|fetch|mend|rig|use|lower|drop) (?:the|a|our|your) nets?{_NO_SUM_BEHIND}",
        r"(?:gross|net) (?:tons?|tonnage|weight)",
        r"safety margins?|margin of (?:safety|error)|margins? of (?:the|a) (?:reef|channel|bay|harbor|harbour)",
        r"(?:heart|pulse|flow|sink|climb|frame|data|charge|leak) rates?",
        rf"deposit(?:s|ed)? (?:the |your |all |any |their |our )*(?:[a-z]+ )?(?:{_CARRIED}){_NO_SUM_BEHIND}",
        rf"(?:bottle|can) deposits? (?:bins?|box){_NO_SUM_BEHIND}",
        r"fee,?[ -]fi(?:[ -]fo)?(?:[ -]fum)?",
        r"at (?:all|any) costs?|grand prix|pago pago|income tax bay",
        r"(?:mr|mrs|ms|dr|miss|mx)\.? (?:prices?|cash|fee|cost|dollar|penny|bill|tip|money|sterling|wage)",
        r"(?:dollar|cash|money|profit|fee|price|sterling|penny|tax) "
        r"(?:point|cove|bay|island|isle|creek|harbou?r|reef|landing|rock|beach|head|key|cay|channel|hill|lagoon)",
        r"sand dollars?",
        r"(?:pay|pays|paid|paying) (?:close |special |extra |more |good |no )?(?:attention|heed|respects?|homage"
        r"|tribute)",
        r"(?:pay|pays|paid|paying) (?:out|off) (?:[\w]+ ){0,4}(?:anchor|rode|chain|line|rope|scope|sheet|warp|cable)",
        r"(?:a|some|give|full|to her|to his) credit to",
        rf"(?:{_FIRST_NAMES}) (?:price|cash)(?= *$|[,;)]| (?:and|brings|comes|arrives|calls|joins|sails|is coming))",
        r"(?:by|on) all accounts",
        r"cash is (?:the|our|their|her|his) (?:[a-z]+'s )?(?:dog|cat|puppy|parrot|horse|pet)",
        r"no cash (?:is )?(?:kept |held )?(?:on board|aboard|on the boat)",
        r"rate of (?:turn|climb|descent|drift)",
        r"tips?: (?:wear|pack|drink|dress|sit|stay|mind|avoid)(?![^\d]{0,80}\d)",
        r"paid parking (?:on|at|near|behind|across|only|lot)(?! (?:monday|friday|us|account))",
        rf"(?<=in )advance of {_AN_HOUR}",
    )
)
_IN_COMPANY: Final = re.compile(
    _one_of(
        _words(
            r"charges?(?! *(?:the|up|d|r)\b)|charged (?:for|to|extra|twice|his|her|the card|the guest|them|us|at)",
            r"(?:up ?front|service|extra|card|credit|docking|cleaning) charges?",
            r"pays?(?= *[:=])|pays|paying|(?:to|will|must|should|can|did|does|has|have|guests?|they|who|you|we|he"
            r"|she|i) pay",
            r"pay (?:the|in|at|on|for|by|with|us|him|her|them|half|later|now|cash|upon|before|after|when)",
            r"rates?(?= *[:=])|(?:day|daily|hourly|flat|charter|half|full|group|weekend|weekday|going) rates?",
            r"rate (?:card|is|was|agreed|of|per|for)",
            r"tips?(?= *(?:pool|jar|[:=|]))|tip(?:s|ped|ping)?,? (?:the |our |your )?(?:crew|captain|skipper"
            r"|deckhands?|mate)",
            r"(?:cash|generous|crew|captain'?s?|big|good|usual|no|great) tips?(?! (?:of the|s\b))",
            r"tips? (?:are|is|were|was|go|goes|included|not|optional|welcome|expected|appreciated|shared?|split"
            r"|in cash|cash)",
            r"(?:leave|left|leaves|leaving) (?:a |some )?(?:\w+ )?tips?(?! of)",
            r"tipped|(?:a|the) tip(?= *$)|pool(?:ed)? tips?|share(?:d)? tips?",
            r"cash(?! (?:box key|register key))",
            r"(?:the|a|our|his|her|their|final|bar|hotel|fuel|send|split|pay|foot|settle|dock) bills?(?! (?:of fare"
            r"|[a-z]+'s))",
            r"bill (?:the|him|her|them|to|it|for|is (?:due|open|settled|paid))|bills(?= *[:=])",
            r"(?:remaining|outstanding|open|unpaid|final|rest) balances?|balances? (?:due|owing|owed|outstanding"
            r"|to pay|is due)",
            r"settle(?:s|d)? (?:up|the|in full|later|at|by|on)|settlement",
            r"(?:bar|open|running) tab",
            r"net (?:amount|total|result|figure|of|take|pay|to)|net(?= *[:=|])",
            r"net[- ]?to[- ]?(?:captain|skipper|crew|owner|broker)|net ?(?:captain|skipper|crew|owner|boat)",
            r"(?:captain|skipper|crew|owner|boat) nets?|nets (?:the|us|him|her|out)",
            r"c\.? ?o\.? ?d\.? (?:on|at|upon|due|amount|ok|payment)",
            rf"(?:half|(?:a |one )?third|(?:a |one )?quarter|two thirds|share|cut) (?:goes |go |is |are )?(?:to"
            rf"|for) {_THE}(?:{_RECEIVERS})s?",
            rf"(?:{_RECEIVERS})(?:'s)? (?:share|cut)|(?:{_RECEIVERS}) (?:gets|takes|keeps|receives) (?:half|a third"
            rf"|a quarter|\$)",
            r"split (?:evenly|it|everything|equally|the (?:tips?|rest|take|pot|money|amount|cash|difference))",
            r"split (?:two|three|four|five|[2-9]) ways",
            rf"(?:{_RECEIVERS}) splits?|splits? (?:with|between) {_THE}(?:{_RECEIVERS})s?",
            r"grand total|sub-total|(?:total|amount|sum) (?:due|owed|owing|payable|charged|collected|received"
            r"|outstanding)",
            r"(?:in|per|an?) advance of \$? *\d|cash advance|advance(?= *[:=])",
            r"(?:\d|an?|one|two|three|four|five|six|seven|eight|nine|ten) ?grand(?! (?:banks|total|prix|canyon|piano))",
            r"per diem|worth \$? *\d{2,}|bonus(?:es)? (?:for|of|to|if)|(?:cash|a|crew) bonus|rent (?:is|of|due|for)"
            r"|kr\.? \d",
            r"mark-ups?|(?:captain|crew|charter|booking|dock) rates?|toll (?:of|is|fee)|price quota"
            r"|provision(?= *[:=])",
            r"(?:verbal |price |our |the |written |agreed )quotes?|quoted (?:at|him|her|them|as)",
        ),
        # About money with a sum behind them only: there are landing nets, a guest's poor balance, and Rev. Miller.
        _words(
            "net", "balances?", "bal", "rev", "rates?", "tips?", "tipped", "quoted?", "quotes", "bonus(?:es)?", "budget"
        )
        + _LINK
        + _SUM,
        _words(
            "dep",
            "amt",
            "fares?",
            "pd",
            "pay",
            "charged",
            "sterling",
            "toll",
            "extra",
            "half",
            "share",
            "split",
            "cut",
            "rent",
        )
        + _LINK
        + _SUM
        + r"(?! *(?:split )?[-/])",
        _words(
            "totals?",
            "totaal",
            "totale",
            "razem",
            "toplam",
            "somma",
            "amounts?",
            "sum",
            "ttl",
            "tot",
            "cod",
            "inv",
            "advance",
        )
        + _LINK
        + _LARGE_SUM,
        _words("inv", "comm", "provision") + r"\.? *#? *(?:no\.? *)?(?:\d{4,}|\d[\d.,]*+ *%)",
        _words("comm") + _LINK + _LARGE_SUM,
        _words("bill", "checks?") + rf"(?: *[:=]| (?:is|for|of|over|comes to))* *{_LARGE_SUM}",
        rf"\d{{2}}[\d.,']{{0,9}}+ {_words('net|tip|bal|balance|dep|cod|tot|total|bonus|cash')}(?! (?:to|of the|hours"
        rf"|guests|crew))",
        rf"\d[.,']{{0,2}} *{_words('fr', *CODES)}",
        _words(*CODES) + r"\.? *\d",
        rf"\d[.,']{{0,2}} *{_words(*COINS)}(?! (?:hours?|the|of the|by|back))",
        rf"{_words(*SERVICES)}[ :=-]*{_SUM}",
        _words(r"(?:bank|wire|money|cash|sepa|instant) transfers?|e-transfers?|(?:apple|google) pay|western union"),
        rf"^\W*{_words(*HOMONYMS)} *{_LARGE_SUM}\W*$|(?<![\d.,'])\d{{3}}[\d.,']*+ *{_words(*HOMONYMS)}\W*$",
        r"\d{2}[\d.,']{0,9}+ (?:each|ea|apiece|extra)(?![a-z])(?! (?:of|side|guests?|life))",
        _words("hundred|thousand") + rf" (?:\w+ ){{0,4}}{_words(_RECEIVERS)}",
    )
)
_FIGURES: Final = re.compile(
    _one_of(
        r"(?<![a-z\d.,])\d[\d.,]*+ *k\b(?! (?:run|race|walk|video|camera|footage|resolution|tv|screen))",
        r"\d[.,]-(?![\d-])|\d,--",
        r"\d *(?:(?:" + as_read("백|천|만|억|百|千|万|萬|億") + ")+ *)?(?:" + as_read("円|元|块|塊|원|บาท") + ")",
        r"(?<![\d.,'])\d{2}[\d.,']*+ ?\u0440(?!\w)|(?<![\d.,])\d{1,3}(?:\.\d{3})++ ?d(?!\w)",
        r"(?<![\d',])\d{1,3}'\d{3}(?!\d)",
        r"\d\d *%? *[-/:] *\d\d *%? split|\d *% *[-/] *\d|\d *% off\b(?! the\b)",
        rf"(?<![\d.,:])\d{{2}}[\d.,']*+ *{_one_of(_A_HEAD, 'p[/.]?p(?![a-z])')}(?! (?:ml|oz))",
        rf"(?<![\d.,:]){_LARGE_SUM} (?:each|in full|up front|upfront|on arrival|at the (?:dock|gangway))",
    )
)
_THOUSANDS: Final = re.compile(rf"(?<![\d',.-])\d{{1,3}}(?:,\d{{3}})++{_NOT_A_SUM}(?![\d,])")
_LARGE: Final = re.compile(r"\d{3}|@")
_WITH_WORDS: Final = re.compile(
    _one_of(
        r"(?<![a-z])fr\. *\d\d|split:? (?:is )?\d\d *%? *[-/:] *\d\d",
        rf"\d *% {_TO}{_THE}{_words(_RECEIVERS)}",
        rf"{_words(_RECEIVERS)}:? (?:gets |at |takes |keeps )?\d+ *%(?! (?:vegan|vegetarian|sure|ready|gluten|halal"
        r"|kosher)(?![a-z]))",
        rf"{_words(_RECEIVERS)}s?(?: (?:gets|takes|keeps|receives|wants|gets paid|is|at"
        rf"|for))?(?: *[:=-])? *{_LARGE_SUM}",
        rf"(?<![\d.,:#-])(?!0\d{{3}}(?!\d))\d{{3}}[\d.,']*+ {_TO}{_THE}{_words(_PAID)}"
        r"(?!'|s'| (?:call|page|cabin|door|list))",
        rf"{_words('takes?')} {_LARGE_SUM} (?:from|off)(?![a-z])",
        rf"{_words('collect(?:s|ed)?|received?|gets')} \$? *{_SUM}"
        r" *(?:$|[.,;]|(?:at|from|for|before|on|in|by) )",
        r"(?<!\d)1/[234] (?:to|for) (?:the )?(?:captain|skipper|crew|owner|broker|boat)",
    )
)
_COMPANY: Final = re.compile(rf"(?:{_RECEIVERS}|collect|receive|gets|take|split|fr\.)")
"""What one of those words begins with."""
# A percentage is about money where its line has someone who gets it: rain has a chance of 10 %, and a broker 10 %.
_PERCENTAGE: Final = re.compile(r"\d *%")
_SHARE: Final = re.compile(
    _words(
        r"split|shares?|(?:our|my|his|her|their|your|the) cut|gets|receives|keeps",
        r"owners?|brokers?|operators?|platforms?|agency|agents?|tax|taxes|vat|bonus|tips?|comm|boatsetter|getmyboat"
        r"|viator",
    )
)
_PARTS: Final = re.compile(r"(?<![\d.,:/-])(\d\d) *%? ?[-/] ?(\d\d)(?! *%? *[-/.,:]?\d)")
"""Two parts: of money where they make a hundred."""
_SIDES: Final = re.compile(
    r"port|starboard|guests|groups?|sides?|chance|visibility|mix|oil|fuel|glycol|water|antifreeze"
)
# Two places behind the point are cents, except in dates, behind a word for time or measure, and before a unit.
_TWO_PLACES: Final = re.compile(r"\d[.,]\d{2}(?!\d)")
_CLOCK: Final = r"(?:[01]?\d|2[0-3])[.,][0-5]\d(?!\d)(?! *(?:each|per|pp|a head|/))"
_QUARTER: Final = r"(?<![\d.,])(?:[01]?\d|2[0-3])[.,](?:00|15|30|45)(?![\d.,])"
_RANGE: Final = r" *(?:-|to|and|or|until|till|/) *"
_MEASURED: Final = re.compile(
    _one_of(
        r"(?<![\d.,])(?:19|20)\d\d\.\d\d\.\d\d(?![\d.,])",
        r"(?<![\d.,])0\d(?:[. ]\d\d){4}(?![\d.,])|(?<!\d)\+\d{1,3}[ .(-]+\d{1,4}(?:[ .()-]{1,2}\d{2,4}){2,4}(?!\d)",
        r"(?<![\d.,])(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])\.(?:\d{4}|\d{2})?(?!\d)",
        _words(
            r"at|by|from|until|till|before|after|around|about|between|since|call|back|starts?|ends?|begins?|meet|meets",
            r"board|boards|boarding|aboard|cast off|casting off|departs?|departure|leaves?|returns?|arrives?|arrival"
            r"|sunset",
            r"sunrise|times?|breakfast|brunch|lunch|dinner|pick-?up|drop-?off|uhr|heures|horas|ore|um|ab|bis|a las"
            r"|alle|klo",
        )
        + rf"[ :]*{_CLOCK}(?:{_RANGE}{_CLOCK})*",
        rf"{_QUARTER}(?= *$| *(?:-|to|until|till) *{_QUARTER}| (?:guests?|crew|call|board|arriv|depart|lunch|dinner"
        rf"|cake|swim"
        r"|back|cast|leave|return|meet|photo|toast|anchor|sunset|ceremony|vows|pick|drop))",
        rf"{_QUARTER} *- *{_QUARTER}",
        _words(
            r"tides?|high water|low water|hw|lw|depth|draft|draught|beam|length|height|clearance|wind|swell|loa|lwl"
            r"|waves?",
            r"slip|berth|gate|pier|dock|mooring|buoy|locker|section|chapter|page|version|v|hobbs|engine hours?"
            r"|hour ?meter|log",
            r"odometer|hours|engine|grid|chart|mile|km|marker|waypoint|barometer|ratio|generator|genset|size",
        )
        + rf"[ :#]*-?\d[\d]{{0,4}}[.,]\d{{1,3}}(?!\d)(?:{_RANGE}\d{{1,2}}[.,]\d{{2}}(?!\d))*",
        _words("vhf|channel|ch|frequency|freq|lat|latitude|lon|long|longitude|oil|fuel|mix")
        + r"[ :.]*-?\d{1,3}(?:[.,]\d{1,3})?(?:[/-]\d{1,2})?(?!\d)",
        r"-?\d{1,3}\.\d{1,6} ?[,;/]? ?-\d{1,3}\.\d{1,6}|-\d{1,3}\.\d{1,6} ?[,;/]? ?-?\d{1,3}\.\d{1,6}",
        r"\d{1,3}(?:[ °]+\d{1,2})?[.,]\d{1,6} ?['°]? ?[nsew](?![a-z])"
        r"|(?<![a-z])[nsew] ?\d{1,3}(?:[ °]+\d{1,2})?[.,]\d{1,6}",
        rf"(?<![\d.,])\d{{1,5}}[.,]\d{{2}}{_UNIT}",
        rf"{_words('engine hours?|hour ?meter|running hours|hobbs|odometer')} *:? *\d{{1,3}},\d{{3}}(?![\d,$])",
    )
)
_MONTHS: Final = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?"
)
_PLAIN_NUMBERS: Final = re.compile(
    _one_of(
        r"\d{4}-\d\d-\d\d|(?<!\d)\d{1,2}/\d{1,2}/(?:\d{4}|\d\d)(?!\d)",
        r"(?<!\d)\d{1,2}:\d\d(?::\d\d)?(?: *[ap]\.?m)?",
        rf"{_words(_MONTHS)}\.? \d{{1,2}}(?:st|nd|rd|th)?(?:,? (?:19|20)\d\d)?(?!\d)",
        rf"(?<!\d)\d{{1,2}}(?:st|nd|rd|th)?\.? (?:of )?{_words(_MONTHS)}",
        r"(?<!\d)0\d{3}(?!\d)",
        r"\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}",
        rf"(?<![\d.,])\d[\d.,]*+(?:{_UNIT}| *(?:{_PEOPLE})(?![a-z]))",
        _words(
            r"slip|dock|berth|gate|pier|locker|mooring|buoy|channel|ch|vhf|flight|room|table|code|no|count|guests"
            r"|pax|lot"
        )
        + r"[ :.#]*[a-z]?-?\d{1,5}(?![\d.,])",
        r"(?<![a-z\d])[a-z]{1,3}-?\d+",
    )
)
_NUMBER: Final = re.compile(r"\d|\b(?:hundred|thousand)\b")
_BARE: Final = re.compile(
    r"[^\w$]*(?!0\d{3}\b)(?!(?:19|20)\d\d\b)(?:\d{3,6}|\d[\d.,' ]{0,9}[.,]\d\d?|[.,]\d\d)(?:[.,]-)?[^\w$]*"
)
_BEGINS: Final = re.compile(r"[^\w$]*(?:[.,]\d|\d)")
_ENDS: Final = re.compile(r"(?<![\d:])(?:\d{2}[\d.,']*|(?:hundred|thousand))[ *|]*$")
