"""A tab as users have it.

In its own tabs Playwright switches an inspector on, for which the browser notes every caught exception with
its line numbers; to find these it reads all of Plotly again, several times over.
"""

import json
import time
from itertools import count
from typing import Any

from playwright.sync_api import Browser, ViewportSize


class Unwatched:
    """A fresh tab with an empty cache, in which a script runs before the page's own."""

    def __init__(self, browser: Browser, window: ViewportSize, script: str) -> None:
        self.browser = browser.new_browser_cdp_session()
        self.context = self.browser.send("Target.createBrowserContext")["browserContextId"]
        where = {"url": "about:blank", "browserContextId": self.context}
        target = self.browser.send("Target.createTarget", where)["targetId"]
        attached = self.browser.send("Target.attachToTarget", {"targetId": target, "flatten": False})
        self.session = attached["sessionId"]
        self.numbers = count(1)
        self.answers: dict[int, Any] = {}
        self.browser.on("Target.receivedMessageFromTarget", self._receive)
        self.call("Page.enable")
        self.call("Emulation.setDeviceMetricsOverride", **window, deviceScaleFactor=1, mobile=False)
        self.call("Page.addScriptToEvaluateOnNewDocument", source=script)

    def _receive(self, event: dict[str, Any]) -> None:
        message = json.loads(event["message"])
        if "id" in message:
            self.answers[message["id"]] = message

    def call(self, method: str, **parameters: Any) -> Any:
        """Call a method of the DevTools protocol in the tab."""
        number = next(self.numbers)
        message = json.dumps({"id": number, "method": method, "params": parameters})
        self.browser.send("Target.sendMessageToTarget", {"sessionId": self.session, "message": message})
        while number not in self.answers:
            # Events arrive only while something is asked.
            self.browser.send("Browser.getVersion")
            time.sleep(0.002)
        return self.answers.pop(number)["result"]

    def evaluate(self, expression: str) -> Any:
        """The value of an expression in the page."""
        return self.call("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get("value")

    def open(self, address: str, ready: str, patience: float = 60) -> None:
        """Open a page and wait until an expression holds there."""
        self.call("Page.navigate", url=address)
        deadline = time.monotonic() + patience
        while not self.evaluate(f"location.href.startsWith({json.dumps(address)}) && Boolean({ready})"):
            assert time.monotonic() < deadline, f"never: {ready}"
            time.sleep(0.03)

    def close(self) -> None:
        """Close the tab and forget what it has stored."""
        self.browser.send("Target.disposeBrowserContext", {"browserContextId": self.context})
        self.browser.detach()
