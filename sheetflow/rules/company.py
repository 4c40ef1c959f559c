"""What a row takes from the other rows of its company, and from the rows with an accepted offer.

Companies and roles are compared without case and outer spaces. A row without a company is of none: it has no other
rows, and an offer accepted in it counts nowhere.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sheetflow.rules.arrays import NONE, Days, Rows, Words, latest
from sheetflow.rules.quantities import Quantities
from sheetflow.settings import Settings


class Groups:
    """The rows by company, and by the role in it."""

    def __init__(self, q: Quantities) -> None:
        companies, roles = _compared(q.company), _compared(q.role)
        self.named = companies != ""
        alone = np.char.add("\0", np.arange(len(companies)).astype(str)).astype(object)
        self.company = _numbers(np.where(self.named, companies, alone))
        """A number for each company; a row without one has a number of its own."""
        self._any_role = roles == ""
        self._role = _numbers(roles)

    def newest(self, days: Days, *, of_role: bool = False) -> Days:
        """Each row's latest day among the rows of its company; ``of_role``: and of its role, where both have one."""
        of_company = _newest(self.company, days)
        if not of_role:
            return of_company
        pairs = self.company * (self._role.max(initial=0) + 1) + self._role
        without = _newest(self.company, np.where(self._any_role, days, NONE))
        return np.where(self._any_role, of_company, latest(_newest(_numbers(pairs), days), without))


def _compared(words: Words) -> Words:
    codes, distinct = pd.factorize(words)
    return np.array([*(word.strip().casefold() for word in distinct.tolist()), ""], dtype=object)[codes]


def _numbers(labels: Words | Rows) -> Rows:
    return pd.factorize(labels)[0]


def _newest(groups: Rows, days: Days) -> Days:
    found = np.full(groups.max(initial=-1) + 1, NONE)
    np.fmax.at(found, groups, days)
    return found[groups]


def look_around(q: Quantities, settings: Settings) -> Groups:
    """Later interviews, and which offers were accepted here or elsewhere; returns the groups."""
    groups = Groups(q)
    later_than_a_bare_date = np.timedelta64(1, "us")
    q.moment = np.where(q.interview_timed, q.interview + later_than_a_bare_date, q.day)
    interviews = np.where(q.has_interview, q.moment, NONE)
    q.newest_of_company = groups.newest(interviews)
    q.newest = groups.newest(interviews, of_role=True)
    _accepted(q, groups, settings)
    return groups


def _accepted(q: Quantities, groups: Groups, settings: Settings) -> None:
    """Rules 7 to 8a: whether an accepted offer, here or elsewhere, reaches this row's day."""
    accepted = q.row & groups.named & q.outcome_is("Accepted")
    companies = np.unique(groups.company[accepted])
    q.accepted_here = np.isin(groups.company, companies)
    q.accepted_elsewhere = len(companies) > q.accepted_here
    reach = np.where(accepted, q.closing_until, NONE)
    q.reached_here = q.day <= groups.newest(reach)
    reached = q.day <= np.fmax.reduce(reach, initial=NONE)  # by a row of another company, if by none of this one
    still_open = q.outcome_is("Offer") | (q.outcome_is("", "Next round") & ~q.silent)
    q.lost = reached & ~q.reached_here & still_open & settings.withdraw_when_accepted
