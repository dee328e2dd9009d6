"""What is an article, and what only stands in its place."""

import pytest

from archive.model import Verdict
from crawler.extraction import extract

TEXT = [
    "The river rose by two metres on Monday night, and the mayor asked the people of the lower town to leave their homes.",
    "Firefighters carried sandbags to the bridge until the morning, said a spokeswoman, while the rain went on.",
    "Nobody was hurt. The school stays closed on Tuesday, and the council meets at noon to talk about the damage.",
]


def verdict(page: str, url: str = "http://a.test/news/some-story-2026") -> Verdict:
    return extract(page.encode(), url).verdict


def article(paragraphs: list[str], *, head: str = "", after: str = "") -> str:
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    return (
        f'<html lang=en><head><title>River floods town - Town Post</title>{head}</head><body><nav><a href="/">Home</a></nav>'
        f'<article><h1>River floods town</h1><p class="byline">By Ann Lee, 3 March 2026</p><div class="article-body">{body}</div></article>{after}'
        f"<footer>(c) Town Post</footer></body></html>"
    )


def test_an_article_is_an_article():
    assert verdict(article(TEXT)) is Verdict.ARTICLE


def test_a_brief_of_one_paragraph_is_an_article():
    assert verdict(article(TEXT[:1])) is Verdict.ARTICLE


def test_an_article_about_captchas_is_an_article():
    about = "Readers must verify you are human pages every day, a study says: checking your browser takes 4 seconds."
    assert verdict(article([about, *TEXT])) is Verdict.ARTICLE


@pytest.mark.parametrize(
    ("heading", "text"),
    [("Just a moment...", "Checking your browser before you proceed."), ("Verify you are human", "Press & Hold to confirm."),
     ("Einen Moment", "Bestätigen Sie, dass Sie ein Mensch sind."), ("安全验证", "请完成验证后继续访问")],
)  # fmt: skip
def test_challenges_are_captchas(heading, text):
    assert verdict(f"<title>{heading}</title><h1>{heading}</h1><p>{text}</p>") is Verdict.CAPTCHA


@pytest.mark.parametrize(
    ("heading", "text"),
    [("Before you continue to Town Post", "We and our 39 partners store and access personal data on your device."),
     ("Datenschutzeinstellungen", "Wir und unsere Partner speichern Informationen auf einem Gerät."),
     ("Votre vie privée", "Avec nos partenaires, nous traitons des données personnelles.")],
)  # fmt: skip
def test_consent_walls_are_no_articles(heading, text):
    partners = "".join(f"<li>Partner {n}: storage and access, measurement</li>" for n in range(30))
    assert (
        verdict(f"<title>{heading}</title><h1>{heading}</h1><p>{text} {text}</p><ul>{partners}</ul><button>OK</button>")
        is Verdict.CONSENT
    )


@pytest.mark.parametrize("heading", ["Sign in to continue", "Anmelden", "Iniciar sesión", "Войти", "登录"])
def test_login_walls_are_no_articles(heading):
    form = "<form><input name=user><input type=password><label>password пароль 密码 passwort contraseña</label></form>"
    assert (
        verdict(f"<title>{heading}</title><h1>{heading}</h1><p>Welcome back, enter your password</p>{form}")
        is Verdict.LOGIN
    )


@pytest.mark.parametrize(
    "heading",
    ["Page not found", "404", "Error 404: Not Found", "Seite nicht gefunden", "Página no encontrada", "Page introuvable", "Страница не найдена",
     "页面不存在", "الصفحة غير موجودة", "ページが見つかりません", "Nie znaleziono strony", "Sayfa bulunamadı"],
)  # fmt: skip
def test_missing_pages_are_told_in_many_languages(heading):
    page = f"<title>{heading} - Town Post</title><h1>{heading}</h1><p>Try the search, or go back to the home page of the Town Post.</p>"
    assert verdict(page) is Verdict.SOFT_404


def test_a_used_link_is_no_article():
    assert verdict("<title>Gone</title><p>This link was already used.</p>") is Verdict.SOFT_404


@pytest.mark.parametrize("heading", ["503 Service Unavailable", "Access Denied", "Database error", "Under maintenance"])
def test_errors_are_error_pages(heading):
    assert verdict(f"<title>{heading}</title><h1>{heading}</h1><p>Please try again later.</p>") is Verdict.ERROR_PAGE


def test_an_empty_shell_of_an_article_is_empty():
    head = '<meta property="og:type" content="article"><meta name=description content="The river rose by two metres on Monday night">'
    assert verdict(article([], head=head)) is Verdict.EMPTY


def test_a_page_without_text_is_empty():
    assert verdict("<html><body><div id=root></div><script>start()</script></body></html>") is Verdict.EMPTY


@pytest.mark.parametrize(
    "heading", ["About us", "Über uns", "Qui sommes-nous", "О нас", "من نحن", "关于我们", "Privacy Policy", "Impressum"]
)
def test_pages_about_the_site_are_no_articles(heading):
    text = "".join(f"<p>{paragraph}</p>" for paragraph in TEXT)
    assert verdict(f"<title>{heading} - Town Post</title><h1>{heading}</h1>{text}") is Verdict.OTHER


def test_a_section_of_teasers_is_a_listing():
    teasers = "".join(
        f'<div class=teaser><h2><a href="/news/story-{n}">The council meets for the {n}th time</a></h2><p>{TEXT[n % 3]}</p></div>'
        for n in range(9)
    )
    assert (
        verdict(f"<title>Politics - Town Post</title><h1>Politics</h1>{teasers}", "http://a.test/section/politics")
        is Verdict.LISTING
    )


def test_one_paragraph_that_nothing_calls_an_article_is_none():
    assert verdict(f"<title>Preview of the week</title><h1>Preview of the week</h1><p>{TEXT[0]}</p>") is Verdict.OTHER


def test_a_page_that_ends_inside_a_tag_is_truncated():
    assert verdict(article(TEXT).partition("<footer>")[0] + '<div class="rel') is Verdict.TRUNCATED


@pytest.mark.parametrize(
    "page",
    [
        '<div class="text">' + article(TEXT).partition(TEXT[1][40:])[0],
        article(TEXT).partition("</body>")[0] + "<script>window.state = {'story': '" + TEXT[0] * 60,
        "<table><tr><td>" + "<br><br>".join([*TEXT, TEXT[0][:50]]),
        "<table><tr><td>" + "<br><br>".join([*TEXT, ""]),
        article(TEXT).partition("</body>")[0] + "<div><section><div>",
    ],
    ids=["a sentence", "a long script", "a table", "a table's paragraphs", "elements"],
)
def test_a_page_that_ends_in_the_middle_is_truncated(page):
    """Whatever its Content-Length said: half a text must not be taken for an edit."""
    assert verdict(page) is Verdict.TRUNCATED


def test_old_pages_without_closing_tags_are_not_truncated():
    assert verdict(article(TEXT).replace("</body></html>", "")) is Verdict.ARTICLE


def test_a_paywalled_page_with_a_real_paragraph_is_a_preview():
    gate = "<div class=paywall-gate><h3>Subscribe</h3><p>This article is for subscribers. Subscribe to continue reading.</p></div>"
    extraction = extract(article(TEXT[:2], after=gate).encode(), "http://a.test/story")
    assert extraction.verdict is Verdict.ARTICLE
    assert extraction.article.access == "preview"
    assert "Subscribe" not in extraction.article.body


def test_a_free_article_is_shown_in_full():
    assert extract(article(TEXT).encode(), "http://a.test/story").article.access == "full"


def test_a_standfirst_alone_is_no_article():
    summary = "The river rose by two metres on Monday night, and the mayor asked the people of the lower town to leave…"
    head = f'<meta property="og:type" content="article"><meta name=description content="{summary}">'
    page = article([], head=head).replace('<p class="byline">', f'<p class="dek">{summary}</p><p class="byline">')
    assert verdict(page) is Verdict.EMPTY


def test_a_retraction_of_one_line_is_an_article():
    note = (
        "This article has been retracted because it did not meet our editorial standards. We apologise to our readers."
    )
    head = f'<meta property="og:type" content="article"><meta name=description content="{note}">'
    assert verdict(article([note], head=head)) is Verdict.ARTICLE


def test_a_long_consent_wall_at_a_dated_address_is_still_a_wall() -> None:
    """Whatever its length: the list of partners is longer than many articles, and the address states a date."""
    partners = "".join(
        f"<li>Vendor {number}: store and access data, measurement, audiences</li>" for number in range(60)
    )
    page = (
        "<!DOCTYPE html><html lang='es'><head><title>Before you continue to El Puerto</title></head><body>"
        "<h1>Before you continue to El Puerto</h1><p>Usamos cookies. We and our 60 partners store and access personal "
        "data, like browsing data or unique identifiers, on your device. Selecting I accept enables this.</p>"
        f"<ul>{partners}</ul><form method=post action=/consent><button>I accept</button></form></body></html>"
    )
    found = extract(page.encode(), "https://puerto.example/politica/2026/03/02/el-alcalde-dimite.html")
    assert found.verdict is Verdict.CONSENT
    assert found.article is None
