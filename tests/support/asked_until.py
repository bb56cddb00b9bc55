"""Wait in a page without Playwright's own way, which evaluates text in it: the page forbids that."""

import time


def until(page, expression, argument=None, seconds=20):
    """Ask an expression, with its argument, until it is so."""
    end = time.monotonic() + seconds
    while not page.evaluate(expression, argument):
        assert time.monotonic() < end, expression
        page.wait_for_timeout(20)
