"""What makes a bare integer a sum: somebody who gets it, what is left of it, what it is multiplied by.

Measures, counts, times and places are cut out of a line before; what is left with three digits or more is looked at.
An integer beside none of these is none here: `lunch 840` stays.
"""

from __future__ import annotations

import re
from typing import Final


def is_counted_up(words: str) -> bool:
    """Tell whether an integer stands in company that makes it a sum; of a line whose harmless numbers are cut out."""
    return _THREE.search(words) is not None and _COUNTED_UP.search(words) is not None


def is_listed(words: str) -> bool:
    """Tell whether a line is one name and one figure, as a list of who gets how much has them."""
    return _LISTED.fullmatch(words) is not None


def is_share(words: str) -> bool:
    """Tell whether a percentage stands in a line with someone who gets it, in another language than English."""
    return _OF_WHOM.search(words) is not None


def _words(*choices: str) -> str:
    return f"(?<![^\\W\\d_]){_one_of(*choices)}(?![^\\W\\d_])"


def _one_of(*choices: str) -> str:
    return f"(?:{'|'.join(choices)})"


_THREE: Final = re.compile(r"\d{3}|\d *@ *\d\d")
_SUM: Final = r"(?<![\d.,:/#-])(?!0)\d{3,6}(?![\d/:]|[.,-]\d| *%)"
_TAIL: Final = (
    r"(?= *(?:$|[^\w\s]|(?:on|for|from|off|per|each|a|in|out|after|before|with|and|net|this|today|tonight|as|at|by"
    r"|of|is|was|all|plus|now|then|cash|please|an|da|de|zu|te|y|e|et|und|en|pro|por|pour|fur|voor|con|avec|mit|met)"
    r"(?![^\W\d_])))"
)
_RECEIVERS: Final = "captain|skipper|crew|owner|broker|agency|agent|operator|mate|deckhand|platform|client"
_ELSEWHERE: Final = (
    "kapitan|kapitein|capitan|capitaine|capitano|capitao|makler|makelaar|agentur|agence|agencia|agenzia|agentschap"
    "|eigner|eigentumer|eigenaar|proprietaire|propietario|proprietario|proprietaria|dueno|armador|armatore|patron"
    "|courtier|corredor|mannschaft|equipage|tripulacion|equipaggio|bemanning|plattform|plateforme|plataforma"
    "|piattaforma|kaptajn|kapten|kaptein|megler"
)
_GAINS: Final = (
    "makes?|made|earns?|gets?|got|takes?|took|keeps?|kept|clears?|cleared|pockets?|pocketed|brings?|brought|receives?"
    "|wants|asks? for"
)
_GAINS_ELSEWHERE: Final = (
    "bekommt|bekommen|kriegt|kriegen|erhalt|erhalten|verdient|verdienen|kassiert|kassieren|nimmt|schuldet"
    "|prend|prennent|touche|touchent|recoit|recoivent|gagne|gagnent|doit|doivent"
    "|cobran?|ganan?|reciben?|debe|deben|lleva|llevan|queda con"
    "|prende|prendono|guadagnano?|riceve|ricevono|incassano?|deve|devono|spettano?"
    "|krijgt|krijgen|ontvangt|ontvangen|pakt|recebem?|ganham?|cobram?|fica com|ficam com|far|tjener|tjanar"
)
_LEFT: Final = "remaining|remains|outstanding|left|left over|leftover|rest|remainder|take-?home|all in"
_LEFT_ELSEWHERE: Final = (
    "restent|reste|restano|resta|restam|restan|rimane|rimangono|faltan?|faltam|quedan?|noch|nog|restlich|resterend"
    "|offen|ubrig|manca|mancano|manque|manquent"
    "|restante|restantes|dovuto|dovuti"
)
_BEHIND: Final = (
    "remaining|outstanding|left|over|open|all in|all told|in all|altogether|in hand|short"
    "|offen|ubrig|pendientes?|restants?|restantes?|in sospeso|te voldoen|te gaan|a regler|in|out|to go"
)
_COUNTED_UP: Final = re.compile(
    _one_of(
        rf"{_words(_RECEIVERS, _ELSEWHERE)}(?:'?s)?[:,]?(?: [\w'%]{{1,20}},?){{0,4}}? {_SUM}{_TAIL}",
        rf"{_words(_GAINS)}(?: (?:about|around|roughly|nearly|almost|over|only|just|in|home|out|up to|another|us|him"
        rf"|her|them)){{0,2}}:? {_SUM}{_TAIL}",
        rf"{_words(_GAINS_ELSEWHERE)} (?:[^\W\d]{{1,12}} )?{_SUM}{_TAIL}",
        rf"{_words(_LEFT, _LEFT_ELSEWHERE)}(?: *[:=,-]| (?:is|are|was|of|about|still|da|por|only))* *{_SUM}{_TAIL}",
        rf"{_SUM}(?:,| (?:is|are|still|noch|a|da|por))* {_words(_BEHIND)}"
        r"(?= *(?:$|[^\w\s]|(?:on|for|from|after|before|with|and|by|to|this|today|now|until|at|as)(?![a-z])))",
        rf"{_SUM} (?:(?:goes|go|is|are|straight|directly|in|hand|cash|all|of|that|it|each|then|due) ){{1,4}}(?:to|for)"
        rf" (?:the |our |his |her )?{_words(_RECEIVERS)}",
        rf"(?:;|(?<![\d.,:/-])\d{{1,2}}) *[x*\u00d7] ?{_SUM}"
        r"(?! *(?:dingh(?:y|ies)|boats?|person|man|pixels?|px)(?![a-z]))",
        rf"(?<![\d.,:/-])\d{{1,2}} ?@ ?(?:{_SUM}|(?:2[5-9]|[3-9]\d)(?![\d:.,]))",
        rf"@ ?(?!(?:1?\d|2[0-3])(?:00|15|30|45)(?!\d)){_SUM}{_TAIL}",
    )
)
_LISTED: Final = re.compile(
    r"[^\w$]*(?!(?:headcount|count|water|ice|weight|depth|height|age|speed|heading|course|wind|pax|beer|wine|fuel|oil"
    r"|bearing|capacity|distance|range|length|max|min|year|engine|port|starboard|meter|flight|room|slip|berth|gate|dock"
    r"|pier|lock|locker|pin|code|wifi|password|table|page|bus|channel|vhf|phone|call|confirmation|booking|order|number"
    r"|ref|zip|mmsi|hull|box|key|hobbs|log|rpm|loa|beam|draft|departure|arrival|boarding|sunset|sunrise)[^\w])"
    r"(?:[^\W\d_]++(?<!s)|ines|james|chris|lucas|thomas|jess|carlos|luis|andres|nicolas|hans|jens|lars|klaus|jonas|iris"
    r"|francis|dennis|marcus) *[:=|-]+ *(?!0\d)[1-9]\d{1,4}[^\w$%:]*"
)
_OF_WHOM: Final = re.compile(_words(_ELSEWHERE))
