"""The sources of a report, numbered in the order in which its figures use them."""

from __future__ import annotations

from fuping.dashboard.i18n.formats import year_list
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.i18n.sentences import listed
from fuping.dashboard.queries.sources import NoteFacts
from fuping.dashboard.reports.content import Credit

__all__ = ["Credits"]


class Credits:
    """Collect the sources while the sections of a report are written.

    Parameters
    ----------
    language
        Of the words.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self._years: dict[str, set[int]] = {}
        self._facts: dict[str, dict[str, str]] = {}

    def note(self, facts: NoteFacts) -> str:
        """Return the note of a section: the numbers of its sources, the status of its figures, the warnings."""
        numbers = []
        for use in facts.uses:
            source = use.source
            self._years.setdefault(source["id"], set()).update(use.years)
            name = f"{source['publisher'][self.language]}, {source['title'][self.language]}"
            if source["year"]:
                name += message("format.bracket", self.language, text=source["year"])
            self._facts[source["id"]] = {
                "name": name,
                "licence": source["licence"],
                "citation": source["citation"] or "",
                "url": source["url"] or "",
            }
            numbers.append(list(self._years).index(source["id"]) + 1)
        words = [message(f"vocabulary.status.{one}", self.language) for one in facts.statuses]
        care = [message(f"vocabulary.warning.{one}", self.language) for one in facts.warnings]
        parts = []
        if numbers:
            refs = "".join(f"[{one}]" for one in sorted(set(numbers)))
            parts.append(message("paper.refs", self.language, refs=refs))
        if words:
            parts.append(message("paper.status", self.language, words=listed(words, self.language)))
        if care:
            parts.append(message("paper.care", self.language, words=listed(care, self.language)))
        return " · ".join(parts)

    def listed(self) -> tuple[Credit, ...]:
        """Return the sources noted so far."""
        return tuple(
            Credit(
                number=number,
                years=message("paper.used", self.language, years=year_list(years)),
                name=self._facts[name]["name"],
                licence=message("paper.licence", self.language, licence=self._facts[name]["licence"]),
                citation=message("paper.cite", self.language, citation=self._facts[name]["citation"])
                if self._facts[name]["citation"]
                else "",
                url=self._facts[name]["url"],
            )
            for number, (name, years) in enumerate(self._years.items(), start=1)
        )
