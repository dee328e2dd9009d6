"""The declared language, checked against the text."""

import pytest

from crawler.extraction.document import Document
from crawler.extraction.language import detect, find_language
from crawler.extraction.result import SiteHints
from crawler.extraction.structured import Structured

TEXTS = {
    "en": "The council said on Monday that it would not be able to pay for the new bridge, which has been closed since the storm. ",
    "de": "Der Rat hat am Montag erklärt, dass er die neue Brücke nicht bezahlen kann, weil sie nach dem Sturm noch immer gesperrt ist. ",
    "fr": "Le conseil a déclaré lundi que la ville ne pouvait pas payer le nouveau pont, qui est fermé depuis la tempête dans le nord. ",
    "es": "El consejo dijo el lunes que no puede pagar el nuevo puente de la ciudad, que está cerrado desde la tormenta en el norte. ",
    "pt": "O conselho disse na segunda-feira que não pode pagar a nova ponte da cidade, que está fechada desde a tempestade no norte. ",
    "ru": "Совет сообщил в понедельник, что он не может заплатить за новый мост, который был закрыт после бури на севере города. ",
    "uk": "Рада повідомила у понеділок, що вона не може заплатити за новий міст, який був закритий після бурі на півночі міста та області. ",
    "tr": "Konsey pazartesi günü yeni köprü için ödeme yapamayacağını ve bu köprünün fırtınadan sonra kapalı olduğunu daha önce dedi. ",
    "ar": "قال المجلس يوم الاثنين إنه لا يستطيع دفع ثمن الجسر الجديد الذي كان مغلقا بعد العاصفة في شمال المدينة. ",
    "fa": "شورا روز دوشنبه اعلام کرد که نمی‌تواند هزینه پل جدید را که پس از طوفان بسته شده است در این شهر پرداخت کند. ",
    "zh": "市议会周一表示，无法支付新桥的费用，这座桥自风暴以来一直关闭。",
    "ja": "市議会は月曜日、嵐の後に閉鎖されている新しい橋の費用を支払うことができないと述べた。",
    "ko": "시의회는 월요일 폭풍 이후 폐쇄된 새 다리 비용을 지불할 수 없다고 말했다. ",
    "hi": "परिषद ने सोमवार को कहा कि वह नए पुल के लिए भुगतान नहीं कर सकती है जो तूफान के बाद से बंद है। ",
    "el": "Το συμβούλιο δήλωσε τη Δευτέρα ότι δεν μπορεί να πληρώσει για τη νέα γέφυρα που είναι κλειστή. ",
    "th": "สภาเทศบาลกล่าวเมื่อวันจันทร์ว่าไม่สามารถจ่ายค่าสะพานใหม่ที่ปิดตั้งแต่พายุได้ ",
}


def language(html: str, hints: SiteHints | None = None) -> str | None:
    doc = Document(html, "https://a.test/", hints=hints)
    found = find_language(doc, Structured(doc))
    return found.value if found else None


@pytest.mark.parametrize("tag", TEXTS)
def test_the_language_is_told_by_the_text(tag: str) -> None:
    assert detect(TEXTS[tag] * 4) == tag


@pytest.mark.parametrize("tag", TEXTS)
def test_a_true_declaration_is_kept(tag: str) -> None:
    assert language(f'<html lang="{tag}-XX"><p>{TEXTS[tag] * 4}</p>') == tag


def test_a_false_declaration_is_put_right() -> None:
    assert language(f'<html lang="en-US"><p>{TEXTS["es"] * 4}</p>') == "es"


def test_close_relatives_stay_as_declared() -> None:
    assert (
        language(
            f'<html lang="ca"><p>{"El consell va dir que la ciutat no pot pagar el pont que els diputats volen. " * 5}</p>'
        )
        == "ca"
    )


def test_too_little_text_leaves_the_declaration() -> None:
    assert language('<html lang="nb-NO"><p>Hei!</p>') == "no"


def test_hints_serve_where_nothing_else_speaks() -> None:
    assert language("<p>1 2 3</p>", SiteHints(language="pt-BR")) == "pt"
    assert language("<p>1 2 3</p>") is None


def test_json_ld_and_meta_declare_too() -> None:
    assert language('<meta property="og:locale" content="fr_FR"><p>Bonjour</p>') == "fr"


def test_short_remarks_of_readers_do_not_tell_a_short_articles_language() -> None:
    remarks = ("Who pays for all of that? We do, as always.", "Finally somebody writes about it, thank you.")
    page = (
        "<html lang=de><h1>Mädchen bei Straßenbahnunfall verletzt</h1><div>Montag, 2. März 2026, 13:20 Uhr in der Stadt</div>"
        f"<p>{TEXTS['de']}</p>" + "".join(f"<p>{remark}</p>" for remark in remarks * 4)
    )
    doc = Document(
        page + "<div>Ministerin Hartwig trat zurück wegen des Tunnels unter der Stadt</div>" * 6, "http://a.test/"
    )
    found = find_language(doc, Structured(doc))
    assert found is not None
    assert found.value == "de"
