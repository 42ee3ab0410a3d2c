"""MarkdownV2 and the old Markdown become text and entities; what is broken is refused in Telegram's words."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.localchat import PersonView
from bot.localchat.markdown import parse_markdown_v2
from bot.localchat.markdown_legacy import parse_markdown
from bot.localchat.refusals import Refusal
from bot.localchat.utf16 import unit_offsets
from tests.bot.localchat.conftest import Api

Entities = list[dict[str, Any]]


def entity(kind: str, offset: int, length: int, **rest: Any) -> dict[str, Any]:
    return {"offset": offset, "length": length, "type": kind, **rest}


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("*a* _b_ __c__ ~d~ ||e|| `f`", "a b c d e f", [
            entity("bold", 0, 1), entity("italic", 2, 1), entity("underline", 4, 1), entity("strikethrough", 6, 1),
            entity("spoiler", 8, 1), entity("code", 10, 1),
        ]),
        ("*a _b __c__ d_ e*", "a b c d e", [
            entity("bold", 0, 9), entity("italic", 2, 5), entity("underline", 4, 1),
        ]),
        ("😀 *hi*", "😀 hi", [entity("bold", 3, 2)]),  # an emoji counts 2
        ("a\\.b \\*c\\* \\\\", "a.b *c* \\", []),
        ("`a.b*c`", "a.b*c", [entity("code", 0, 5)]),
        ("`a\\`b`", "a`b", [entity("code", 0, 3)]),
        ("```python\nx = 1\n```", "x = 1", [entity("pre", 0, 5, language="python")]),
        ("```\nx = 1```", "x = 1", [entity("pre", 0, 5)]),
        ("```x```", "x", [entity("pre", 0, 1)]),
        ("[a](https://a.example/\\)b)", "a", [entity("text_link", 0, 1, url="https://a.example/)b")]),
        ("[a\\.example]", "a.example", [entity("text_link", 0, 9, url="http://a.example/")]),
        ("[a](nonsense)", "a", []),
        ("[a](tg://user?id=5)", "a",
         [entity("text_mention", 0, 1, user={"id": 5, "is_bot": False, "first_name": ""})]),
        ("![👍](tg://emoji?id=5368324170671202286)", "👍",
         [entity("custom_emoji", 0, 2, custom_emoji_id="5368324170671202286")]),
        (">a\n>b", "a\nb", [entity("blockquote", 0, 3)]),
        (">a\nb", "a\nb", [entity("blockquote", 0, 2)]),  # the line's end belongs to the quote
        ("x\n>a *b*", "x\na b", [entity("blockquote", 2, 3), entity("bold", 4, 1)]),
        (">a\n>b||", "a\nb", [entity("expandable_blockquote", 0, 3)]),
        (">a||\nb", "a\nb", [entity("expandable_blockquote", 0, 2)]),
        (">a\n**>b||", "a\nb", [entity("blockquote", 0, 2), entity("expandable_blockquote", 2, 1)]),
        ("**", "", []),
    ],
)  # fmt: skip
def test_markdown_v2_becomes_text_and_entities(source: str, text: str, entities: Entities) -> None:
    assert parse_markdown_v2(source) == (text, entities)


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        *((f"a{char}b", f"Character '{char}' is reserved and must be escaped with the preceding '\\'")
          for char in "]()>#+-=|{}.!"),
        ("*unclosed", "Can't find end of Bold entity at byte offset 0"),
        ("é *bold _italic\\_*", "Can't find end of Bold entity at byte offset 18"),  # é is 2 bytes: 15 + 3
        ("a _b", "Can't find end of Italic entity at byte offset 2"),
        ("__b", "Can't find end of Underline entity at byte offset 0"),
        ("~b", "Can't find end of Strikethrough entity at byte offset 0"),
        ("||b", "Can't find end of Spoiler entity at byte offset 0"),
        ("`b", "Can't find end of Code entity at byte offset 0"),
        ("```b", "Can't find end of Pre entity at byte offset 0"),
        ("```b\nc", "Can't find end of PreCode entity at byte offset 0"),
        ("[b", "Can't find end of TextUrl entity at byte offset 0"),
        ("[b](c", "Can't find end of a URL at byte offset 4"),
        ("![b]", "Custom emoji entity must contain a tg://emoji URL"),
        ("![b](c", "Can't find end of a custom emoji URL at byte offset 5"),
        ("![b](http://a.example)", "Custom emoji URL must have scheme tg"),
        ("![b](tg://user?id=1)", 'Custom emoji URL must have host "emoji"'),
        ("![b](tg://emoji)", "Custom emoji URL must have an emoji identifier"),
        ("![b](tg://emoji?id=x)", "Invalid custom emoji identifier specified"),
        (">a *b\nc", "Can't find end of Bold entity at byte offset 3"),
        (">a ||b\nc", "Can't find end of Spoiler entity at byte offset 3"),
    ],
)  # fmt: skip
def test_broken_markdown_v2_is_refused_with_its_place(source: str, problem: str) -> None:
    with pytest.raises(Refusal) as caught:
        parse_markdown_v2(source)
    assert (caught.value.code, caught.value.description) == (400, f"Bad Request: can't parse entities: {problem}")


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("*a* _b_ `c`", "a b c", [entity("bold", 0, 1), entity("italic", 2, 1), entity("code", 4, 1)]),
        ("```py\nx```", "x", [entity("pre", 0, 1, language="py")]),
        ("[a](https://a.example) [b.example]", "a b.example", [
            entity("text_link", 0, 1, url="https://a.example/"), entity("text_link", 2, 9, url="http://b.example/"),
        ]),
        ("a.b \\*c\\* 😀 *d*", "a.b *c* 😀 d", [entity("bold", 11, 1)]),
        ("**", "", []),
    ],
)  # fmt: skip
def test_old_markdown_becomes_text_and_entities(source: str, text: str, entities: Entities) -> None:
    assert parse_markdown(source) == (text, entities)


@pytest.mark.parametrize("source", ["é *x", "é _x", "é `x", "é ```x", "é [x"])
def test_old_markdown_names_the_entity_that_does_not_end(source: str) -> None:
    with pytest.raises(Refusal) as caught:
        parse_markdown(source)
    problem = "can't parse entities: Can't find end of the entity starting at byte offset 3"  # é is 2 bytes
    assert caught.value.description == f"Bad Request: {problem}"


async def test_a_bot_sees_the_refusal(api: Api, ann: PersonView) -> None:
    for mode in ("MarkdownV2", "markdownv2"):
        answer = await api.call("sendMessage", chat_id=ann.id, text="hello.", parse_mode=mode)
        problem = "can't parse entities: Character '.' is reserved and must be escaped with the preceding '\\'"
        assert answer.refusal == (400, f"Bad Request: {problem}")
    answer = await api.call("sendMessage", chat_id=ann.id, text="*x", parse_mode="Markdown")
    problem = "can't parse entities: Can't find end of the entity starting at byte offset 0"
    assert answer.refusal == (400, f"Bad Request: {problem}")
    await api.ok("sendMessage", chat_id=ann.id, text="*x* [y](https://a.example/)", parse_mode="MarkdownV2")
    assert (await ann.next()).html == '<b>x</b> <a href="https://a.example/">y</a>'


@given(st.text("ab é😀*_~|`[]()>!\\.\n", max_size=24))
def test_any_text_is_parsed_or_refused(source: str) -> None:
    for parse in (parse_markdown_v2, parse_markdown):
        try:
            text, entities = parse(source)
        except Refusal:
            continue
        boundaries = set(unit_offsets(text))
        for each in entities:
            assert each["length"] > 0
            assert {each["offset"], each["offset"] + each["length"]} <= boundaries


@given(st.text(max_size=30))
def test_an_escaped_text_is_itself(text: str) -> None:
    escaped = "".join(f"\\{char}" if "!" <= char <= "~" else char for char in text)
    assert parse_markdown_v2(f"x{escaped}x") == (f"x{text}x", [])


@pytest.mark.parametrize("text", ["`a`" * 8000, "_a_`b`" * 4000, ("`a`" + "\n>b\n") * 3000])
def test_thousands_of_entities_are_read_at_once(text: str) -> None:
    began = time.process_time()
    parse_markdown_v2(text)
    assert time.process_time() - began < 2  # where every block of code looks at every other: 15 s
