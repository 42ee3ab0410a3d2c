"""The page in the hands of a test, in the words of a person who looks at it."""

from __future__ import annotations

from playwright.async_api import FloatRect, Locator, Page, expect

expect.set_options(timeout=10_000)


class Screen:
    """The page. `expected`: problems in the browser's console that the test brings about on purpose."""

    def __init__(self, page: Page, ann: int, ben: int) -> None:
        self.page = page
        self.ann = ann
        self.ben = ben
        self.expected: list[str] = []

    async def ready(self) -> None:
        """The place is open: something is said there, or there is something to press."""
        await expect(self.page.locator("#log article, #instead button").first).to_be_visible()

    @property
    def box(self) -> Locator:
        """Where one writes."""
        return self.page.locator("#box")

    @property
    def toast(self) -> Locator:
        """The small news."""
        return self.page.locator(".toast")

    @property
    def dialog(self) -> Locator:
        """What asks for attention."""
        return self.page.locator("dialog[open]")

    @property
    def options(self) -> Locator:
        """The list over the box."""
        return self.page.locator("#panel [role=option]")

    def message(self, text: str) -> Locator:
        """The newest message that has this text."""
        return self.page.locator("#log article").filter(has_text=text).last

    async def area(self, node: Locator) -> FloatRect:
        """Where it stands on the page."""
        found = await node.bounding_box()
        assert found is not None
        return found

    def button(self, name: str) -> Locator:
        """The newest button of this name."""
        return self.page.get_by_role("button", name=name, exact=True).last

    async def write(self, text: str) -> None:
        """Write and send."""
        await self.box.fill(text)
        await self.box.press("Enter")
        await expect(self.box).to_have_value("")

    async def message_menu(self, text: str, entry: str) -> None:
        """Choose from a message's menu."""
        await self.message(text).get_by_role("button", name="Message actions").focus()
        await self.page.keyboard.press("Enter")
        await self.page.get_by_role("menuitem", name=entry).click()

    async def place_menu(self, entry: str) -> None:
        """Choose from the menu of the chat."""
        await self.page.locator("#place-menu").click()
        await self.page.get_by_role("menuitem", name=entry).click()

    async def go(self, chat: str) -> None:
        """Open another chat from the list."""
        if await self.page.locator("#open-chats").is_visible():
            await self.page.locator("#open-chats").click()
        await self.page.locator(".chat-row").filter(has_text=chat).first.click()
        await expect(self.page.locator("#name")).to_have_text(chat)
        await self.ready()

    async def become(self, person: str) -> None:
        """Switch person."""
        on_phone = await self.page.locator("#me-here").is_visible()
        await self.page.locator("#me-here" if on_phone else "#me").click()
        await self.page.get_by_role("menuitemradio", name=person).click()
        await expect(self.page.locator("#me")).to_contain_text(person)
        await self.ready()
