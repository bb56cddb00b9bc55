"""What axe finds on a page that keeps someone from using it."""

from axe_playwright_python.sync_playwright import Axe

__all__ = ["faults"]

GRAVE = ("serious", "critical")


def faults(page):
    """Return the serious and critical faults of a page, each with what it is and where."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{one['id']} ({one['impact']}): {one['help']}; {node['html'][:160]}"
        for one in found
        if one["impact"] in GRAVE
        for node in one["nodes"][:5]
    ]
