"""Telegram's HTML: what becomes of it, what is refused, and that offsets are UTF-16 code units."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.localchat.autolinks import with_found
from bot.localchat.entities import parse_html
from bot.localchat.html_out import to_html
from bot.localchat.refusals import Refusal
from bot.localchat.utf16 import unit_offsets, unit_slice, units


def entity(kind: str, offset: int, length: int, **more: Any) -> dict[str, Any]:
    return {"type": kind, "offset": offset, "length": length, **more}


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("plain", "plain", []),
        ("<b>bold</b> not", "bold not", [entity("bold", 0, 4)]),
        ("<strong>a</strong><em>b</em>", "ab", [entity("bold", 0, 1), entity("italic", 1, 1)]),
        ("<u>a</u> <ins>b</ins>", "a b", [entity("underline", 0, 1), entity("underline", 2, 1)]),
        ("<s>a</s> <del>b</del>", "a b", [entity("strikethrough", 0, 1), entity("strikethrough", 2, 1)]),
        ("<tg-spoiler>x</tg-spoiler>", "x", [entity("spoiler", 0, 1)]),
        ('<span class="tg-spoiler">x</span>', "x", [entity("spoiler", 0, 1)]),
        ("a <code>b</code>", "a b", [entity("code", 2, 1)]),
        ("<pre>x\ny</pre>", "x\ny", [entity("pre", 0, 3)]),
        ('<pre><code class="language-python">x</code></pre>', "x", [entity("pre", 0, 1, language="python")]),
        (
            '<a href="https://a.example/?q=1&amp;r=2">x</a>',
            "x",
            [entity("text_link", 0, 1, url="https://a.example/?q=1&r=2")],
        ),
        (
            "<a href='tg://user?id=5'>x</a>",
            "x",
            [entity("text_mention", 0, 1, user={"id": 5, "is_bot": False, "first_name": ""})],
        ),
        ("<a>not a link</a>", "not a link", []),
        ("<a href>a.example</a>", "a.example", [entity("text_link", 0, 9, url="http://a.example/")]),
        ("<a href='https://localhost:80'>x</a>", "x", []),
        (
            '<tg-emoji emoji-id="5368324170671202286">👍</tg-emoji>',
            "👍",
            [entity("custom_emoji", 0, 2, custom_emoji_id="5368324170671202286")],
        ),
        ("&ltx &#0; &#128;", "&ltx &#0; \x80", []),
        ("<blockquote>x</blockquote>", "x", [entity("blockquote", 0, 1)]),
        ("<blockquote expandable>x</blockquote>", "x", [entity("expandable_blockquote", 0, 1)]),
        ("<b>a<i>b</i></b>", "ab", [entity("bold", 0, 2), entity("italic", 1, 1)]),
        ("<b>a</b><b>b</b>", "ab", [entity("bold", 0, 2)]),
        ("<b>a<code>b</code>c</b>", "abc", [entity("bold", 0, 1), entity("code", 1, 1), entity("bold", 2, 1)]),
        ("<code><b>x</b></code>", "x", [entity("code", 0, 1)]),
        ("1 &lt; 2 &amp;&amp; 3 &gt; 2 &quot;&#65;&#x42; &nbsp;", '1 < 2 && 3 > 2 "AB &nbsp;', []),
        ("  <b> x </b>  ", " x", [entity("bold", 0, 2)]),  # blanks before the first entity go, those inside stay
        ("<b> </b>x", "x", []),
        ("<pre>  1\n 10</pre>", "  1\n 10", [entity("pre", 0, 7)]),
        ("<b> <i> </i></b>x", "x", []),
        ("<B>x</B >", "x", [entity("bold", 0, 1)]),
        # Each emoji counts 2 code units: the bold word begins at 2 + 1 = 3.
        ("😀 <b>hi</b>", "😀 hi", [entity("bold", 3, 2)]),
        # A flag is two code points of 2 units each.
        ("<b>🇩🇪</b>", "🇩🇪", [entity("bold", 0, 4)]),
    ],
)
def test_html_becomes_text_and_entities(source: str, text: str, entities: list[dict[str, Any]]) -> None:
    assert parse_html(source) == (text, entities)


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("a <x>b</x>", 'Unsupported start tag "x" at byte offset 2'),
        ("é <x>b</x>", 'Unsupported start tag "x" at byte offset 3'),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ('<a href="x>y</a>', "Unclosed start tag at byte offset 0"),
        ("<b ", 'Empty attribute name in the tag "b" at byte offset 0'),
        ("<a href", 'Unclosed start tag "a" at byte offset 0'),
        ("x <a href ", 'Unclosed start tag "a" at byte offset 2'),
        ("x <a href=", 'Unclosed start tag "a" at byte offset 2'),
        ("x <a href=y", "Unclosed start tag at byte offset 2"),
        ("x <a href=y/z>t</a>", "Unexpected end of name token at byte offset 10"),
        ('<tg-emoji emoji-id="9999999999999999999">x</tg-emoji>', "Invalid custom emoji identifier specified"),
        (
            "&#xD800;",
            "Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate "
            "code units",
        ),
        ("<a =x>y</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_broken_html_is_refused_with_its_place(source: str, problem: str) -> None:
    with pytest.raises(Refusal) as caught:
        parse_html(source)
    assert (caught.value.code, caught.value.description) == (400, f"Bad Request: can't parse entities: {problem}")


WORDS = st.text(st.sampled_from("ab é😀🇩\n<>&\"'/ 1"), max_size=8)


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def in_tags(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    tags = [
        ("<b>", "</b>"),
        ("<i>", "</i>"),
        ("<u>", "</u>"),
        ("<s>", "</s>"),
        ("<code>", "</code>"),
        ("<pre>", "</pre>"),
        ("<tg-spoiler>", "</tg-spoiler>"),
        ('<a href="https://a.example">', "</a>"),
        ("<blockquote>", "</blockquote>"),
        ("<blockquote expandable>", "</blockquote>"),
    ]
    tagged = st.builds(lambda tag, text: tag[0] + text + tag[1], st.sampled_from(tags), inner)
    return st.lists(st.one_of(inner, tagged), max_size=4).map("".join)


HTML = st.recursive(WORDS.map(escaped), in_tags, max_leaves=10)


@given(HTML)
def test_what_was_parsed_parses_to_itself_when_written_again(source: str) -> None:
    text, entities = parse_html(source)
    assert parse_html(to_html(text, entities)) == (text, entities)


@given(HTML)
def test_entities_lie_within_the_text_in_order_and_never_cut_a_character(source: str) -> None:
    text, entities = parse_html(source)
    boundaries = set(unit_offsets(text))
    for each in entities:
        assert each["length"] > 0
        assert {each["offset"], each["offset"] + each["length"]} <= boundaries
    assert [e["offset"] for e in entities] == sorted(e["offset"] for e in entities)


@given(WORDS, WORDS, WORDS)
def test_a_bold_word_is_found_again_by_its_utf16_offsets(before: str, word: str, after: str) -> None:
    text, entities = parse_html(f"x{escaped(before)}<b>{escaped(word)}</b>{escaped(after)}x")
    bold = [unit_slice(text, e["offset"], e["length"]) for e in entities]
    assert bold == ([word] if word.strip() else [])


@given(WORDS)
def test_a_text_counts_as_many_units_as_its_utf16_form(text: str) -> None:
    assert units(text) == unit_offsets(text)[-1] == len(text.encode("utf-16-le")) // 2


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/start now", [("bot_command", "/start")]),
        ("😀 /liq@my_bot 1/2 a/b", [("bot_command", "/liq@my_bot")]),
        ("see https://a.example/x?y=1, ok", [("url", "https://a.example/x?y=1")]),
        ("ask @somebody or a@b.example", [("mention", "@somebody"), ("email", "a@b.example")]),
        ("#tag and $BTC, not $btc", [("hashtag", "#tag"), ("cashtag", "$BTC")]),
        ("liq 61,044.2 at 3.5x", []),
    ],
)
def test_commands_links_and_tags_are_found_in_plain_text(text: str, found: list[tuple[str, str]]) -> None:
    entities = with_found(text, [])
    assert [(e["type"], unit_slice(text, e["offset"], e["length"])) for e in entities] == found


def test_nothing_is_found_inside_code() -> None:
    text, entities = parse_html("<code>/start</code> /stop")
    assert [(e["type"], e["offset"]) for e in with_found(text, entities)] == [("code", 0), ("bot_command", 7)]
