"""Each kind of edit by example, in many languages: what it is called, and what it is not called."""

from __future__ import annotations

import pytest

from archive.diff import diff
from archive.diff.notices import notice_kind
from archive.diff.quotes import quoted_spans
from archive.model import Content

CONTEXT = "\n\nA paragraph that stays as it is, so that nothing looks rewritten here at all."


def kinds(old: str, new: str, language: str | None = "en") -> list[str]:
    change = diff(Content(body=old + CONTEXT, language=language), Content(body=new + CONTEXT, language=language))
    return [str(kind) for kind in change.kinds]


@pytest.mark.parametrize(
    ("old", "new", "language"),
    [
        ("The goverment has promised help.", "The government has promised help.", "en"),
        ("We recieve many letters.", "We receive many letters.", "en"),
        ("Then he siad nothing.", "Then he said nothing.", "en"),
        ("They met in washington again.", "They met in Washington again.", "en"),
        ("Das Minsiterium schweigt dazu.", "Das Ministerium schweigt dazu.", "de"),
        ("Le gouvenement se tait encore.", "Le gouvernement se tait encore.", "fr"),
        ("Мэр сооющил об этом вчера.", "Мэр сообщил об этом вчера.", "ru"),
        ("数百人受响影的地区很大", "数百人受影响的地区很大", "zh"),
        ("President Emmanuel Marcon spoke.", "President Emmanuel Macron spoke.", "en"),
    ],
)
def test_a_misspelling_put_right_is_a_typo(old: str, new: str, language: str) -> None:
    assert kinds(old, new, language) == ["typo"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("He billed them for it.", "He killed them for it."),
        ("The official came late.", "The officials came late."),
        ("Prices increased again.", "Prices decreased again."),
        ("It is a legal matter.", "It is an illegal matter."),
        ("They now know more.", "They not know more."),
    ],
)
def test_a_word_swapped_for_one_that_looks_like_it_is_wording(old: str, new: str) -> None:
    assert kinds(old, new) == ["wording"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Yes, he said so.", "Yes – he said so."),
        ("The agencys own plan.", "The agency's own plan."),
        ("An e-mail came in.", "An email came in."),
        ("They paid 1,200 euros.", "They paid 1200 euros."),
        ("He came. Some left.", "He came, some left."),
        ("Visit MobileGov today.", "Visit Mobile Gov today."),
    ],
)
def test_marks_and_spaces_are_punctuation(old: str, new: str) -> None:
    assert kinds(old, new) == ["punctuation"]


@pytest.mark.parametrize(
    ("old", "new", "language"),
    [
        ("At least 24 people died.", "At least 26 people died.", "en"),
        ("It costs 1.5 million.", "It costs 15 million.", "en"),
        ("Two people were hurt.", "Three people were hurt.", "en"),
        ("About people came.", "About 300 people came.", "en"),
        ("An Airbus A320 landed.", "An Airbus A321 landed.", "en"),
        ("Es starben zwei Menschen.", "Es starben drei Menschen.", "de"),
        ("В городе пять школ.", "В городе шесть школ.", "ru"),
        ("قتل ثلاثة أشخاص", "قتل أربعة أشخاص", "ar"),
        ("قتل ٢٤ شخصا", "قتل ٢٦ شخصا", "ar"),
        ("至少24人受伤", "至少26人受伤", "zh"),
        ("इसमें पांच लोग थे", "इसमें सात लोग थे", "hi"),
    ],
)
def test_a_number_that_changed_is_a_number_and_nothing_else(old: str, new: str, language: str) -> None:
    assert kinds(old, new, language) == ["number"]


def test_a_number_written_out_is_wording() -> None:
    assert kinds("Some 12 people came.", "Some twelve people came.") == ["wording"]


@pytest.mark.parametrize(
    ("old", "new", "language"),
    [
        ("He said “we have lost nearly everything” today.", "He said “we have lost everything” today.", "en"),
        ("Er sagte: „Wir haben fast alles verloren.“", "Er sagte: „Wir haben alles verloren.“", "de"),
        ("Il a dit « nous avons presque tout perdu ».", "Il a dit « nous avons tout perdu ».", "fr"),
        ("Он сказал: «Мы почти всё потеряли».", "Он сказал: «Мы всё потеряли».", "ru"),
        ("彼は「私たちはほとんど何も知らない」と述べた。", "彼は「私たちは何も知らない」と述べた。", "ja"),
        ('"We know it well," she said.', '"We suspect it well," she said.', "en"),
    ],
)
def test_words_between_quotation_marks_are_a_quote(old: str, new: str, language: str) -> None:
    assert kinds(old, new, language) == ["quote"]


def test_a_number_inside_a_quotation_is_both() -> None:
    assert kinds("He said “we lost 12 men” there.", "He said “we lost 14 men” there.") == ["number", "quote"]


def test_a_typo_inside_a_quotation_is_a_typo() -> None:
    assert kinds("He said “the goverment lies” there.", "He said “the government lies” there.") == ["typo"]


@pytest.mark.parametrize(
    ("old", "new", "language"),
    [
        ("The mayor, John Smith, left.", "The mayor, James Smith, left.", "en"),
        ("They flew to Austria then.", "They flew to Australia then.", "en"),
        ("Das sagte Angela Merkel gestern.", "Das sagte Angela Schmidt gestern.", "de"),
        ("Об этом заявил Иван Петров.", "Об этом заявил Иван Сидоров.", "ru"),
        ("قال الرئيس محمود أمس", "قال الرئيس سليمان أمس", "ar"),
        ("これは田中さんの話だ", "これは鈴木さんの話だ", "ja"),
        ("A report by Jonson said so.", "A report by Johnson said so.", "en"),
    ],
)
def test_a_name_that_became_another_is_a_name(old: str, new: str, language: str) -> None:
    assert kinds(old, new, language) == ["name"]


def test_a_german_noun_is_no_name() -> None:
    assert kinds("Er kaufte ein Haus am Ufer.", "Er kaufte ein Boot am Ufer.", "de") == ["wording"]


NOTES = {
    "correction": [
        "Correction: An earlier version gave the wrong date.",
        "An earlier version of this story misidentified the mayor.",
        "Corrección: el nombre del río era incorrecto.",
        "Rectificatif : la date indiquée était fausse.",
        "Korrektur: Der Ort war falsch.",
        "Errata corrige: il nome era sbagliato.",
        "Correção: o valor estava errado.",
        "Rectificatie: de naam was onjuist.",
        "Rättelse: Fel årtal angavs.",
        "Rettelse: Feil navn ble oppgitt.",
        "Sprostowanie: podaliśmy błędną datę.",
        "Исправление: указана неверная дата.",
        "Düzeltme: Tarih yanlıştı.",
        "تصحيح: ورد الاسم خطأ في نسخة سابقة.",
        "भूल सुधार: तारीख गलत थी।",
        "Ralat: nama sungai keliru.",
        "更正：日期有误。",
        "訂正:日付に誤りがありました。",
        "정정: 날짜가 잘못 표기되었습니다.",
        "Διόρθωση: το όνομα ήταν λάθος.",
    ],
    "update": [
        "Update, 14:05: the minister has answered.",
        "This article has been updated with a comment.",
        "Mise à jour à 18 h : la réponse a été ajoutée.",
        "Anmerkung der Redaktion: Der Text ist von 2020.",
        "Actualización: respuesta del ministerio.",
        "Обновлено: добавлен ответ.",
        "更新：已加入回应。",
    ],
    "retraction": ["This article has been retracted.", "本文因不符合编辑标准已被撤回。"],
}


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in NOTES.items() for text in texts])
def test_editors_notes_are_known_in_many_languages(kind: str, text: str) -> None:
    assert notice_kind(text) == kind


@pytest.mark.parametrize(
    "text",
    [
        "Correction officers found a weapon in the cell.",
        "Updates to the software are free of charge.",
        "The ministry corrected its figures for last year on Monday.",
        "He updated his will before he left.",
        "Korrekturen am Gesetz fordert die Opposition.",
    ],
)
def test_news_about_corrections_is_no_note(text: str) -> None:
    assert notice_kind(text) is None


def test_a_note_is_linked_to_the_edit_it_speaks_of() -> None:
    old = "The fire killed 24 people in the old mill.\n\nThe town has 9 bridges, the mayor said." + CONTEXT
    new = old.replace("24", "26").replace("9 bridges", "8 bridges")
    note = "\n\nCorrection: An earlier version misstated how many bridges the town has."
    change = diff(Content(body=old, language="en"), Content(body=new + note, language="en"))
    assert [str(kind) for kind in change.kinds] == ["number", "correction"]
    about = change.notices[0].about
    assert about is not None
    assert about.new_index == 1


def test_a_note_that_came_alone_is_linked_to_the_sentence_it_shares_its_words_with() -> None:
    body = "It rained. Mayor Delacroix opened the bridge in spring. All cheered." + CONTEXT
    note = "\n\nCorrection: the name of Mayor Delacroix was misspelt."
    change = diff(Content(body=body, language="en"), Content(body=body + note, language="en"))
    about = change.notices[0].about
    assert about is not None
    assert about.new is not None
    assert body[slice(*about.new)] == "Mayor Delacroix opened the bridge in spring."


def test_a_note_put_into_a_paragraph_is_a_note() -> None:
    old = "The fire killed 24 people in the old mill."
    new = old + " This article was amended on 2 March to correct a name."
    assert kinds(old, new) == ["correction"]


def test_what_stands_under_a_notes_heading_belongs_to_the_note() -> None:
    old = "The fire killed 24 people in the old mill."
    assert kinds(old, old + "\n\nCorrection\n\nThe mill stands in Leeds, not in York.") == ["correction"]


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("“One,” he said. “Two.”", ["One,", "Two."]),
        ('"One," he said. "Two."', ["One,", "Two."]),
        ("„Eins“ und »zwei«", ["Eins", "zwei"]),
        ("”Ett”, sade hon.", ["Ett"]),
        ("‘It’s true,’ he said", ["It’s true,"]),
        ("«Uno» y «dos»", ["Uno", "dos"]),
        ("“Open to the end", ["Open to the end"]),
        ("The dogs' bowls don't count", []),
    ],
)
def test_quotations_are_found_in_the_marks_of_any_language(text: str, quoted: list[str]) -> None:
    assert [text[start:end] for start, end in quoted_spans(text)] == quoted
