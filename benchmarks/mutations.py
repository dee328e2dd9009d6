"""Edits made on purpose on real texts, one generator for each kind of edit: what `edit_kinds.py` measures with.

A generator takes a Draft and a random source and edits it in place; it returns False where it does not apply.
Generators keep away from quotations (but for `quote`) and notes, so that one edit is of one kind.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from archive.diff.words import has_no_spaces, is_word, split_words
from archive.model import Content, EditKind

QUOTES = '"“”„«»「」『』'
_CJK_RUN = re.compile(r"[\u3400-\u9fff]{6,}")

#: Notes as editors write them, in words of our own. {date} is filled in.
CORRECTIONS = {
    "en": [
        "Correction {date}: We gave the wrong year for the founding of the agency.",
        "An earlier version of this story wrongly stated where the meeting took place.",
        "This article was amended on {date} to correct the spelling of a surname.",
    ],
    "es": [
        "Corrección ({date}): el cargo que se atribuía a la ministra no era el correcto.",
        "Una versión anterior de esta noticia indicaba por error otra fecha.",
    ],
    "fr": [
        "Rectificatif, {date} : le montant indiqué était celui de l’année dernière.",
        "Une version précédente de cet article mentionnait par erreur un autre lieu.",
    ],
    "de": [
        "Korrektur vom {date}: Der Ort war falsch angegeben.",
        "In einer früheren Version dieses Textes hieß es fälschlicherweise, die Brücke sei gesperrt.",
    ],
    "it": ["Errata corrige: la data indicata era sbagliata."],
    "pt": [
        "Correção: o nome do rio estava errado.",
        "Uma versão anterior deste texto dizia, de forma incorreta, 2019.",
    ],
    "nl": ["Rectificatie: in een eerdere versie stond ten onrechte dat de brug dicht was."],
    "sv": ["Rättelse: I en tidigare version av artikeln angavs fel årtal."],
    "pl": ["Sprostowanie: we wcześniejszej wersji podaliśmy błędną datę."],
    "ru": [
        "Исправление: в первой версии текста был указан другой год.",
        "В предыдущей версии статьи ошибочно говорилось о двух мостах.",
    ],
    "uk": ["Уточнення: у першій версії тексту помилково вказано іншу дату."],
    "tr": ["Düzeltme: Haberin önceki halinde tarih yanlış yazılmıştı."],
    "ar": ["تصحيح: ورد اسم المدينة خطأ في نسخة سابقة."],
    "hi": ["भूल सुधार: पहले के संस्करण में तारीख गलत थी।"],
    "id": ["Ralat: versi sebelumnya keliru menyebut tahun pendirian."],
    "zh": ["更正：本报道较早版本中的日期有误。"],
    "ja": ["訂正:当初の記事で日付に誤りがありました。"],
    "ko": ["정정: 이전 기사에서 날짜가 잘못 표기되었습니다."],
}
UPDATES = {
    "en": [
        "Update, {date}: The agency has since answered our questions.",
        "This story has been updated with the result of the vote.",
        "Editor’s note: the programme described here ended in spring.",
    ],
    "es": ["Actualización: la agencia respondió después de la publicación.", "Esta noticia ha sido actualizada."],
    "fr": ["Mise à jour à 18 h : la réponse du ministère a été ajoutée.", "Cet article a été mis à jour."],
    "de": ["Anmerkung der Redaktion: Das Programm endete im Frühjahr.", "Dieser Artikel wurde mehrfach aktualisiert."],
    "it": ["Aggiornamento delle 18: aggiunta la risposta del ministero."],
    "pt": ["Atualização: a resposta do ministério foi incluída."],
    "nl": ["Update: de reactie van de minister is toegevoegd."],
    "sv": ["Uppdatering: Ministerns svar har lagts till."],
    "pl": ["Aktualizacja: dodano odpowiedź ministra."],
    "ru": ["Обновлено: добавлен ответ министерства."],
    "uk": ["Оновлено: додано відповідь міністерства."],
    "tr": ["Güncelleme: Bakanlığın yanıtı eklendi."],
    "ar": ["تحديث: أضيف رد الوزارة."],
    "hi": ["अपडेट: मंत्रालय का जवाब जोड़ा गया।"],
    "id": ["Pembaruan: tanggapan kementerian ditambahkan."],
    "zh": ["更新：已加入部门的回应。"],
    "ja": ["追記:省の回答を加えました。"],
    "ko": ["업데이트: 부처의 답변을 추가했습니다."],
}
_DATES = ["2 March", "14 June 2024", "9 May", "30 November 2023"]
_FILLERS = {
    "en": ["however", "for now", "in recent weeks", "as planned", "once again", "so far"],
    "de": ["allerdings", "vorerst", "erneut", "wie geplant"],
    "zh": ["近日", "再次", "目前"],
}


@dataclass
class Draft:
    """An article while it is being edited."""

    title: str
    body: list[str]
    language: str
    others: list[list[str]]
    """Bodies of other articles in the same language."""
    names: list[str] = field(default_factory=list)
    """Surnames (second words of names) found in other articles."""
    categories: list[str] = field(default_factory=lambda: ["News", "Technology"])
    authors: list[str] = field(default_factory=lambda: ["Ada Lovelace"])

    def content(self) -> Content:
        return Content(
            title=self.title,
            body="\n\n".join(self.body),
            language=self.language,
            categories=tuple(self.categories),
            authors=tuple(self.authors),
        )


def _plain(draft: Draft, rng: random.Random, wanted: str) -> tuple[int, re.Match[str]] | None:
    """A place in the body that matches, outside of paragraphs with quotations."""
    found = [
        (at, match)
        for at, text in enumerate(draft.body)
        if not any(mark in text for mark in QUOTES)
        for match in re.finditer(wanted, text)
    ]
    return rng.choice(found) if found else None


def _put(draft: Draft, at: int, match: re.Match[str], text: str) -> bool:
    old = draft.body[at]
    draft.body[at] = old[: match.start()] + text + old[match.end() :]
    return draft.body[at] != old


def headline(draft: Draft, rng: random.Random) -> bool:
    words = draft.title.split()
    if len(words) < 3:
        return False
    if rng.random() < 0.5:
        del words[rng.randrange(len(words))]
    else:
        words.insert(rng.randrange(len(words)), rng.choice(["new", "latest", "2"]))
    draft.title = " ".join(words)
    return True


def typo(draft: Draft, rng: random.Random) -> bool:
    """The edit runs backwards in time: `run` swaps the sides, so the misspelling is what is put right."""
    if has_no_spaces("".join(draft.body)):
        place = _plain(draft, rng, _CJK_RUN.pattern)
    else:
        place = _plain(draft, rng, r"(?<![\w'’-])[^\W\d_A-Z]{6,}(?![\w'’-])")
    if place is None:
        return False
    at, match = place
    return _put(draft, at, match, _misspell(match.group(), rng))


def _misspell(word: str, rng: random.Random) -> str:
    at = rng.randrange(1, len(word) - 2)
    if word[0] > "\u3000" or (roll := rng.random()) < 0.4:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if roll < 0.65:
        return word[:at] + word[at + 1 :]
    if roll < 0.85:
        return word[:at] + word[at] + word[at:]
    return word[:at] + rng.choice("aeiou") + word[at + 1 :]


def punctuation(draft: Draft, rng: random.Random) -> bool:
    swaps = {
        r"(?<=\w), (?=\w)": [" ", " – ", "; "],
        r"(?<=\w)\. (?=[A-Z])": ["! ", "; "],
        "，": ["；", "、"],
        "。": ["！"],
        r"(?<=[a-z])-(?=[a-z])": [" ", ""],
    }
    for pattern in rng.sample(list(swaps), len(swaps)):
        place = _plain(draft, rng, pattern)
        if place and _put(draft, *place, rng.choice(swaps[pattern])):
            return True
    return False


def wording(draft: Draft, rng: random.Random) -> bool:
    fillers = _FILLERS.get(draft.language)
    if has_no_spaces("".join(draft.body)):
        place = _plain(draft, rng, r"(?<=[\u3400-\u9fff]{3})(?=[\u3400-\u9fff]{3})")
        return bool(place and fillers and _put(draft, *place, rng.choice(fillers)))
    if fillers and rng.random() < 0.5:
        place = _plain(draft, rng, r"(?<=[a-zäöü]{2} )(?=[a-zäöü]{3})")
        return bool(place and _put(draft, *place, rng.choice(fillers) + " "))
    place, other = _plain(draft, rng, r"(?<![\w'’-])[a-zäöüéèß]{5,}(?![\w'’-])"), rng.choice(draft.others)
    words = re.findall(r"(?<![\w'’-])[a-zäöüéèß]{5,}(?![\w'’-])", " ".join(other))
    return bool(place and words and _put(draft, *place, rng.choice(words)))


def number(draft: Draft, rng: random.Random) -> bool:
    words = {
        "en": "two three four five six seven eight nine ten",
        "de": "zwei drei vier fünf sechs sieben acht neun zehn",
    }
    known = words.get(draft.language, "").split()
    if known and rng.random() < 0.2:
        place = _plain(draft, rng, rf"\b(?:{'|'.join(known)})\b")
        if place:
            return _put(draft, *place, rng.choice([w for w in known if w != place[1].group()]))
    place = _plain(draft, rng, r"(?<![\d.,:/-])(?<![A-Za-z])\d[\d,.]*\d(?![\d:/-]|[A-Za-z])|(?<= )\d(?= )")
    if place is None:
        return False
    text = place[1].group()
    at = rng.choice([i for i, c in enumerate(text) if c.isdigit()])
    return _put(draft, *place, text[:at] + str((int(text[at]) + rng.randrange(1, 9)) % 10) + text[at + 1 :])


def quote(draft: Draft, rng: random.Random) -> bool:
    pattern = r"[“„«\"「]([^“”„«»\"「」]{12,})[”“»\"」]"
    found = [
        (at, m) for at, text in enumerate(draft.body) for m in re.finditer(pattern, text) if _is_quotation(text, m)
    ]
    if not found:
        return False
    at, match = rng.choice(found)
    words = split_words(match.group(1))
    plain = [i for i, w in enumerate(words.keys) if (is_word(w) and w.islower()) or w > "\u3000"]
    if len(plain) < 5:
        return False
    start, end = words.spans[rng.choice(plain[1:-1])]
    inside = match.group(1)[:start] + match.group(1)[end:].lstrip()
    old = draft.body[at]
    draft.body[at] = old[: match.start(1)] + inside + old[match.end(1) :]
    return True


def _is_quotation(text: str, match: re.Match[str]) -> bool:
    """For straight quotes, an even number of marks must stand before."""
    return match.group()[0] != '"' or text[: match.start()].count('"') % 2 == 0


def name(draft: Draft, rng: random.Random) -> bool:
    place = _plain(draft, rng, r"(?<=[a-z,] [A-Z])(?:[a-z]+ )([A-Z][a-z]{2,})(?![\w-])")
    if place is None or not draft.names:
        return False
    at, match = place
    other = rng.choice([n for n in draft.names if n != match.group(1)] or [""])
    old = draft.body[at]
    draft.body[at] = old[: match.start(1)] + other + old[match.end(1) :]
    return bool(other)


def paragraph_added(draft: Draft, rng: random.Random) -> bool:
    others = [p for p in rng.choice(draft.others) if len(p) > 80 and p not in draft.body]
    if not others:
        return False
    draft.body.insert(rng.randrange(len(draft.body) + 1), rng.choice(others))
    return True


def paragraph_removed(draft: Draft, rng: random.Random) -> bool:
    if len(draft.body) < 4:
        return False
    del draft.body[rng.randrange(len(draft.body))]
    return True


def paragraph_moved(draft: Draft, rng: random.Random) -> bool:
    if len(draft.body) < 4 or len(set(draft.body)) < len(draft.body):
        return False
    here, there = rng.sample(range(len(draft.body)), 2)
    draft.body.insert(there, draft.body.pop(here))
    return True


def correction(draft: Draft, rng: random.Random) -> bool:
    return _add_note(draft, rng, CORRECTIONS)


def update_note(draft: Draft, rng: random.Random) -> bool:
    return _add_note(draft, rng, UPDATES)


def _add_note(draft: Draft, rng: random.Random, notes: dict[str, list[str]]) -> bool:
    if draft.language not in notes:
        return False
    text = rng.choice(notes[draft.language]).format(date=rng.choice(_DATES))
    draft.body.insert(rng.choice([0, len(draft.body)]), text)
    return True


def category(draft: Draft, rng: random.Random) -> bool:
    draft.categories = rng.choice([["News"], ["News", "Technology", "Policy"], ["Opinion"]])
    return True


def author(draft: Draft, rng: random.Random) -> bool:
    draft.authors = rng.choice([["Ada Lovelace", "Grace Hopper"], ["Grace Hopper"], []])
    return True


def rewritten(draft: Draft, rng: random.Random) -> bool:
    other = rng.choice(draft.others)
    if min(len(" ".join(body)) for body in (other, draft.body)) < 400 or set(other) & set(draft.body):
        return False
    draft.body = list(other)
    return True


MUTATIONS: dict[EditKind, Callable[[Draft, random.Random], bool]] = {
    EditKind.HEADLINE: headline,
    EditKind.TYPO: typo,
    EditKind.PUNCTUATION: punctuation,
    EditKind.WORDING: wording,
    EditKind.NUMBER: number,
    EditKind.QUOTE: quote,
    EditKind.NAME: name,
    EditKind.PARAGRAPH_ADDED: paragraph_added,
    EditKind.PARAGRAPH_REMOVED: paragraph_removed,
    EditKind.PARAGRAPH_MOVED: paragraph_moved,
    EditKind.CORRECTION: correction,
    EditKind.UPDATE_NOTE: update_note,
    EditKind.CATEGORY: category,
    EditKind.AUTHOR: author,
    EditKind.REWRITTEN: rewritten,
}
#: Edits that are one whole with no second beside it.
ALONE = frozenset({EditKind.TYPO, EditKind.REWRITTEN})
