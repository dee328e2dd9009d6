"""Edits that are easily misjudged: numbers in words, quotation marks of every kind, names, slips, notes in any language.

Each case is one edit in an article whose other paragraphs stay; the kinds named must be all that is found."""

from __future__ import annotations

import pytest

from archive.diff import diff
from archive.model import Content

AROUND = (
    "The council met on Monday in the old town hall to talk about the roads and the bridges of the valley.",
    "The weather service expects more rain later this week, and farmers were told to bring in their animals.",
    "Nobody was hurt, and the school stays closed until the water falls, a spokeswoman said in the evening.",
)


def kinds(old: list[str], new: list[str], language: str) -> list[str]:
    """The kinds of an edit between two bodies."""
    bodies = ("\n\n".join(paragraphs) for paragraphs in (old, new))
    return [str(kind) for kind in diff(*(Content("T", body, language=language) for body in bodies)).kinds]


EDITS = [
    ("en", "number", "About twenty-five people died in the flood.", "About twenty-six people died in the flood."),
    ("en", "number", "About two hundred people died in the flood.", "About three hundred people died in the flood."),
    ("en", "number", "At least five people died.", "At least 12 people died."),
    ("en", "wording", "At least five people died.", "At least 5 people died."),
    ("en", "number", "The bill is £1.5bn a year.", "The bill is £2.5bn a year."),
    ("en", "number", "The bill is 1.5 million a year.", "The bill is 1.5 billion a year."),
    ("en", "number", "Prices rose 3.4% in May.", "Prices rose 3.5% in May."),
    ("en", "number", "It began at 10:30 on Monday night.", "It began at 11:30 on Monday night."),
    ("en", "number", "It began in 2019 under him.", "It began in 2020 under him."),
    ("en", "number", "He is 45, and lives here.", "He is 46, and lives here."),
    ("en", "number", "Dozens were hurt: 45 people in all.", "Dozens were hurt: 54 people in all."),
    ("en", "number", "A hundred people came to the hall.", "A thousand people came to the hall."),
    ("en", "number", "Half of the people left the town.", "A third of the people left the town."),
    ("en", "number", "The temperature was -5 degrees.", "The temperature was 5 degrees."),
    ("en", "number", "The 4th man was found.", "The 5th man was found."),
    ("de", "number", "Es waren fünfundzwanzig Menschen dort.", "Es waren sechsundzwanzig Menschen dort."),
    ("de", "number", "Es waren zwölf Menschen dort.", "Es waren dreizehn Menschen dort."),
    (
        "fr",
        "number",
        "Il y avait quatre-vingts personnes dans la salle.",
        "Il y avait quatre-vingt-dix personnes dans la salle.",
    ),
    ("es", "number", "Había veintidós personas en la sala.", "Había veintitrés personas en la sala."),
    ("ru", "number", "Погибли двенадцать человек.", "Погибли тринадцать человек."),
    ("ja", "number", "死者は12人だった。", "死者は13人だった。"),
    ("ja", "number", "死者は十二人だった。", "死者は十三人だった。"),
    ("zh", "number", "至少有三百人受伤。", "至少有五百人受伤。"),
    ("ar", "number", "قتل ١٢ شخصا في الحادث.", "قتل ١٣ شخصا في الحادث."),
    ("ar", "number", "قتل خمسة أشخاص في الحادث.", "قتل ستة أشخاص في الحادث."),
    ("hi", "number", "इस हादसे में 12 लोग मारे गए।", "इस हादसे में 15 लोग मारे गए।"),
    ("hi", "number", "इस हादसे में पांच लोग मारे गए।", "इस हादसे में सात लोग मारे गए।"),
    ("th", "number", "มีผู้เสียชีวิต 12 คน", "มีผู้เสียชีวิต 15 คน"),
    ("en", "name", "The mayor, John Smith, said so.", "The mayor, John Miller, said so."),
    ("en", "name", "Police in Paris closed the road.", "Police in London closed the road."),
    ("en", "name", "The bridge was closed by Jon Snow yesterday.", "The bridge was closed by John Snow yesterday."),
    ("de", "name", "Bürgermeister Hans Müller sagte das am Montag.", "Bürgermeister Hans Schmidt sagte das am Montag."),
    ("es", "name", "El alcalde, Juan Pérez, habló ayer.", "El alcalde, Juan Gómez, habló ayer."),
    ("ru", "name", "Мэр Иван Петров заявил об этом.", "Мэр Иван Сидоров заявил об этом."),
    ("tr", "name", "Başkan Ahmet Yılmaz konuştu.", "Başkan Ahmet Demir konuştu."),
    ("el", "name", "Ο δήμαρχος Γιώργος Παπαδόπουλος μίλησε.", "Ο δήμαρχος Γιώργος Νικολάου μίλησε."),
    ("ar", "name", "وقال الرئيس محمد مرسي إن الطريق مغلق.", "وقال الرئيس أحمد مرسي إن الطريق مغلق."),
    ("ja", "name", "山田さんは昨日、町を訪れた。", "田中さんは昨日、町を訪れた。"),
    ("ko", "name", "김민수 씨는 어제 마을을 찾았다.", "이영희 씨는 어제 마을을 찾았다."),
    ("en", "name", "The deal with Boeing was signed.", "The deal with Airbus was signed."),
    (
        "en",
        "quote",
        "The mayor said: “we did all that we could here” in the hall.",
        "The mayor said: “we did nothing at all here” in the hall.",
    ),
    (
        "en",
        "quote",
        'The mayor said: "we did all that we could here" in the hall.',
        'The mayor said: "we did nothing at all here" in the hall.',
    ),
    (
        "de",
        "quote",
        "The mayor said: „we did all that we could here“ in the hall.",
        "The mayor said: „we did nothing at all here“ in the hall.",
    ),
    (
        "de",
        "quote",
        "The mayor said: »we did all that we could here« in the hall.",
        "The mayor said: »we did nothing at all here« in the hall.",
    ),
    (
        "fr",
        "quote",
        "The mayor said: «we did all that we could here» in the hall.",
        "The mayor said: «we did nothing at all here» in the hall.",
    ),
    (
        "fr",
        "quote",
        "The mayor said: « we did all that we could here » in the hall.",
        "The mayor said: « we did nothing at all here » in the hall.",
    ),
    (
        "en",
        "quote",
        "The mayor said: ‘we did all that we could here’ in the hall.",
        "The mayor said: ‘we did nothing at all here’ in the hall.",
    ),
    (
        "ja",
        "quote",
        "The mayor said: 「私たちはできることをすべてした」 in the hall.",
        "The mayor said: 「私たちは何もしなかった」 in the hall.",
    ),
    (
        "ja",
        "quote",
        "The mayor said: 『私たちはできることをすべてした』 in the hall.",
        "The mayor said: 『私たちは何もしなかった』 in the hall.",
    ),
    (
        "zh",
        "quote",
        "The mayor said: “私たちはできることをすべてした” in the hall.",
        "The mayor said: “私たちは何もしなかった” in the hall.",
    ),
    (
        "pl",
        "quote",
        "The mayor said: „we did all that we could here” in the hall.",
        "The mayor said: „we did nothing at all here” in the hall.",
    ),
    (
        "sv",
        "quote",
        "The mayor said: ”we did all that we could here” in the hall.",
        "The mayor said: ”we did nothing at all here” in the hall.",
    ),
    (
        "fi",
        "quote",
        "The mayor said: »we did all that we could here» in the hall.",
        "The mayor said: »we did nothing at all here» in the hall.",
    ),
    (
        "de",
        "quote",
        "The mayor said: ‹we did all that we could here› in the hall.",
        "The mayor said: ‹we did nothing at all here› in the hall.",
    ),
    (
        "en",
        "quote",
        "The mayor said: 'we did all that we could here' in the hall.",
        "The mayor said: 'we did nothing at all here' in the hall.",
    ),
    ("en", "typo", "The goverment said so on Monday.", "The government said so on Monday."),
    ("en", "typo", "They recieved the letter on Monday.", "They received the letter on Monday."),
    ("en", "typo", "The the mayor said so.", "The mayor said so."),
    ("de", "typo", "Die Regirung sagte das am Montag.", "Die Regierung sagte das am Montag."),
    ("ru", "typo", "Правителство заявило об этом.", "Правительство заявило об этом."),
    ("en", "wording", "He did the work in the morning.", "He did not do the work in the morning."),
    ("en", "wording", "The man was arrested by police.", "The man was released by police."),
    ("en", "wording", "He is guilty, the court said.", "He is not guilty, the court said."),
    ("en", "wording", "The plan is legal here.", "The plan is illegal here."),
    ("en", "wording", "The man was killed there.", "The men were killed there."),
    ("en", "wording", "It may rain here.", "It will rain here."),
    ("en", "punctuation", "He came, saw and left.", "He came, saw, and left."),
    ("en", "punctuation", "He came; he left.", "He came. He left."),
    ("en", "punctuation", "It is a well known story.", "It is a well-known story."),
    ("zh", "punctuation", "他来了，然后走了。", "他来了。然后走了。"),
]
NOTES = [
    ("fi", "correction", "Oikaisu: jutussa aiemmin ollut summa oli väärä."),
    ("da", "correction", "Rettelse: I en tidligere version stod der en forkert dato."),
    ("no", "correction", "Rettelse: Saken hadde tidligere feil dato."),
    ("cs", "correction", "Oprava: v dřívější verzi textu bylo uvedeno špatné datum."),
    ("hu", "correction", "Helyesbítés: a cikk korábbi változatában rossz dátum szerepelt."),
    ("ro", "correction", "Erată: într-o versiune anterioară a articolului data era greșită."),
    ("el", "correction", "Διόρθωση: σε προηγούμενη εκδοχή του άρθρου αναφερόταν λάθος ημερομηνία."),
    ("he", "correction", "תיקון: בגרסה קודמת של הכתבה הופיע תאריך שגוי."),
    ("fa", "correction", "اصلاحیه: در نسخه قبلی این خبر تاریخ اشتباه بود."),
    ("vi", "correction", "Đính chính: phiên bản trước của bài viết ghi sai ngày."),
    ("th", "correction", "แก้ไข: บทความฉบับก่อนหน้าระบุวันที่ผิด"),
    ("bn", "correction", "সংশোধনী: আগের সংস্করণে তারিখ ভুল ছিল।"),
    ("bg", "correction", "Поправка: в предишна версия на статията датата беше грешна."),
    ("sr", "correction", "Исправка: у претходној верзији текста датум је био погрешан."),
    ("hr", "correction", "Ispravak: u prijašnjoj verziji teksta naveden je pogrešan datum."),
    ("ca", "correction", "Correcció: en una versió anterior d'aquest article la data era errònia."),
    ("sw", "correction", "Marekebisho: toleo la awali la habari hii lilikuwa na tarehe isiyo sahihi."),
    ("ur", "correction", "تصحیح: اس خبر کے پچھلے ورژن میں تاریخ غلط تھی۔"),
    ("sk", "correction", "Oprava: v predchádzajúcej verzii článku bol nesprávny dátum."),
    ("et", "correction", "Parandus: artikli varasemas versioonis oli vale kuupäev."),
    ("lt", "correction", "Pataisymas: ankstesnėje straipsnio versijoje buvo klaidinga data."),
    ("lv", "correction", "Labojums: raksta iepriekšējā versijā bija kļūdains datums."),
    ("sl", "correction", "Popravek: v prejšnji različici članka je bil napačen datum."),
    ("ta", "correction", "திருத்தம்: முந்தைய பதிப்பில் தேதி தவறாக இருந்தது."),
    ("ms", "correction", "Pembetulan: versi terdahulu artikel ini menyatakan tarikh yang salah."),
    ("fi", "update_note", "Päivitys klo 14: lisätty ministerin kommentti."),
    ("da", "update_note", "Opdatering: ministerens svar er tilføjet."),
    ("cs", "update_note", "Aktualizace: doplnili jsme vyjádření ministra."),
    ("hu", "update_note", "Frissítés: a cikket kiegészítettük a miniszter válaszával."),
    ("ro", "update_note", "Actualizare: a fost adăugat răspunsul ministrului."),
    ("el", "update_note", "Ενημέρωση: προστέθηκε η απάντηση του υπουργού."),
    ("he", "update_note", "עדכון: נוספה תגובת השר."),
    ("fa", "update_note", "به\u200cروزرسانی: پاسخ وزیر افزوده شد."),
    ("vi", "update_note", "Cập nhật: đã bổ sung phản hồi của bộ trưởng."),
    ("bg", "update_note", "Обновяване: добавен е отговорът на министъра."),
]


@pytest.mark.parametrize(("language", "kind", "old", "new"), EDITS)
def test_an_edit_is_of_one_kind(language: str, kind: str, old: str, new: str) -> None:
    first, *rest = AROUND
    assert kinds([first, old, *rest], [first, new, *rest], language) == [kind]


@pytest.mark.parametrize(("language", "kind", "note"), NOTES)
def test_a_note_is_one_in_every_language(language: str, kind: str, note: str) -> None:
    assert kinds([*AROUND], [*AROUND, note], language) == [kind]


def test_a_paragraph_moved_and_corrected_is_both() -> None:
    old, new = (f"A paragraph about {count} loaves of bread in the town and their price." for count in (12, 15))
    assert kinds([*AROUND, old], [new, *AROUND], "en") == ["number", "paragraph_moved"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("The players' union met in the '90s here.", "The players' club met in the '90s here."),
        ("It was a well-known place – 5 people came.", "It was a well-known place, 5 people came."),
        ("That that is, is.", "That which is, is."),
    ],
)
def test_what_only_looks_like_a_quotation_a_sign_or_a_slip_is_none(old: str, new: str) -> None:
    assert not {"quote", "number", "typo"} & set(kinds([old, *AROUND], [new, *AROUND], "en"))
