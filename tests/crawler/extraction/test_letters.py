"""Letters of a page's texts are counted for all texts at once."""

from crawler.extraction.letters import BEGIN, Letters

TEXTS = ["Rain Falls on", "12,345", "雨が降る。風も", "𝐁old 𠮷", "½ — …", "a" * (BEGIN - 1) + " B C"]


def test_texts_with_letters_and_with_digits_are_known():
    letters = Letters(TEXTS)
    assert letters.has_letter.tolist() == [True, False, True, True, True, True]
    assert letters.has_digit.tolist() == [False, True, False, False, False, False]


def test_a_letter_of_a_script_without_spaces_counts_as_two_and_a_half():
    assert Letters(TEXTS).size[:3].tolist() == [13, 6, 6 * 2.5 + 1]


def test_capitals_are_counted_near_the_beginning_only():
    assert Letters(TEXTS).capitals()[[0, 5]].round(2).tolist() == [0.67, 0]


def test_half_pairs_are_no_trouble():
    assert Letters(["Rain \ud800"]).stops().tolist() == [0]


def test_no_text_takes_from_its_neighbours():
    alone = [Letters([text]).stops().tolist()[0] for text in TEXTS]
    assert Letters(TEXTS).stops().tolist() == alone == [0, 0, 1, 0, 0, 0]
