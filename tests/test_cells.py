"""One cell to a date, a tick, people or text, and back."""

# ruff: noqa: DTZ001, DTZ901 - wall-clock times, as cells hold them

from __future__ import annotations

import math
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheetflow.addresses import address_trouble
from sheetflow.backends.csv.escape import escape, unescape
from sheetflow.cells import (
    Problem,
    clean,
    day_words,
    fills,
    moment_text,
    moment_words,
    read_text,
    show,
    to_number,
)
from sheetflow.sheet import CellError, Formula, Link, Links
from sheetflow.table.dates import NOTHING, TICK, Reading, order_in, read_moment, read_sent
from sheetflow.table.people import Person, read_people

TODAY = date(2026, 11, 20)
DAY_ZERO = date(1899, 12, 30)


def read(value: Any, order: Any = "", today: date = TODAY, day_zero: date = DAY_ZERO) -> Reading:
    return read_moment(value, order, today, day_zero)


def shown(reading: Reading) -> str:
    """A reading in a word: its date, ``tick``, ``nothing`` or what is wrong."""
    if reading.trouble:
        assert reading == Reading(trouble=reading.trouble)
        return reading.trouble[0]
    if reading.tick:
        assert reading == TICK
        return "tick"
    if reading.moment is None:
        assert reading == NOTHING
        return "nothing"
    assert reading.timed == (reading.moment.time() != time())
    return moment_text(reading.moment)


DATES = """
2026-11-20 = 2026-11-20
 2026-11-20  = 2026-11-20
2026-11-20 14:30 = 2026-11-20 14:30
2026-11-20  14:30 = 2026-11-20 14:30
2026-11-20T14:30 = 2026-11-20 14:30
2026-11-20T14:30:15 = 2026-11-20 14:30:15
2026-11-20 14:30:15 = 2026-11-20 14:30:15
2026-11-20 00:00 = 2026-11-20
2026-11-20 00:00:01 = 2026-11-20 00:00:01
2026-11-20 23:59:59 = 2026-11-20 23:59:59
2000-01-01 = 2000-01-01
2100-12-31 = 2100-12-31
2100-12-31 23:59:59 = 2100-12-31 23:59:59
2028-02-29 = 2028-02-29
20 Nov 2026 = 2026-11-20
20 NOV 2026 = 2026-11-20
20 nov 2026 = 2026-11-20
20 Nov. 2026 = 2026-11-20
20 November 2026 = 2026-11-20
20 November, 2026 = 2026-11-20
20th November 2026 = 2026-11-20
1st Dec 2026 = 2026-12-01
2nd Dec 2026 = 2026-12-02
3rd Dec 2026 = 2026-12-03
03 Dec 2026 = 2026-12-03
20-Nov-2026 = 2026-11-20
20/Nov/2026 = 2026-11-20
20. November 2026 = 2026-11-20
20 Nov 2026 14:30 = 2026-11-20 14:30
20 Nov 2026, 14:30 = 2026-11-20 14:30
20 Nov 2026 at 14:30 = 2026-11-20 14:30
20 Nov 2026 2:30 PM = 2026-11-20 14:30
20 Nov 2026 2:30PM = 2026-11-20 14:30
20 Nov 2026 2:30 p.m. = 2026-11-20 14:30
20 Nov 2026 2 PM = 2026-11-20 14:00
20 Nov 2026 2pm = 2026-11-20 14:00
20 Nov 2026 9:05 = 2026-11-20 09:05
20 Nov 2026 09:05 = 2026-11-20 09:05
20 Nov 2026 12:00 AM = 2026-11-20
20 Nov 2026 12:30 AM = 2026-11-20 00:30
20 Nov 2026 12:00 PM = 2026-11-20 12:00
20 Nov 2026 1:00 AM = 2026-11-20 01:00
20 Nov 2026 11:59:59 PM = 2026-11-20 23:59:59
Nov 20, 2026 2:30 PM = 2026-11-20 14:30
Nov 20, 2026 = 2026-11-20
Nov 20 2026 = 2026-11-20
Nov. 20, 2026 = 2026-11-20
November 20, 2026 = 2026-11-20
November 20th, 2026 = 2026-11-20
Nov 20,2026 = 2026-11-20
Nov-20-2026 = 2026-11-20
Nov/20/2026 = 2026-11-20
November 20, 2026 at 9:00 AM = 2026-11-20 09:00
Nov 20, 2026, 09:00 = 2026-11-20 09:00
1 Jan 2026 = 2026-01-01
1 January 2026 = 2026-01-01
1 Feb 2026 = 2026-02-01
1 February 2026 = 2026-02-01
1 Mar 2026 = 2026-03-01
1 March 2026 = 2026-03-01
1 Apr 2026 = 2026-04-01
1 April 2026 = 2026-04-01
1 May 2026 = 2026-05-01
1 Jun 2026 = 2026-06-01
1 June 2026 = 2026-06-01
1 Jul 2026 = 2026-07-01
1 July 2026 = 2026-07-01
1 Aug 2026 = 2026-08-01
1 August 2026 = 2026-08-01
1 Sep 2026 = 2026-09-01
1 Sept 2026 = 2026-09-01
1 September 2026 = 2026-09-01
1 Oct 2026 = 2026-10-01
1 October 2026 = 2026-10-01
1 Nov 2026 = 2026-11-01
1 Dec 2026 = 2026-12-01
1 December 2026 = 2026-12-01
20/11/2026 = 2026-11-20
11/20/2026 = 2026-11-20
5/5/2026 = 2026-05-05
05/05/2026 = 2026-05-05
13/1/2026 = 2026-01-13
1/13/2026 = 2026-01-13
12/12/2026 = 2026-12-12
20.11.2026 = 2026-11-20
3.4.2026 = 2026-04-03
03.04.2026 = 2026-04-03
20/11/2026 14:30 = 2026-11-20 14:30
11/20/2026 2:30 PM = 2026-11-20 14:30
20.11.2026 14:30 = 2026-11-20 14:30
20.11.2026, 14:30 = 2026-11-20 14:30
29/2/2028 = 2028-02-29
46346 = 2026-11-20
46346.0 = 2026-11-20
46346.5 = 2026-11-20 12:00
+46346 = 2026-11-20
4.6346e4 = 2026-11-20
4.6346E4 = 2026-11-20
36526 = 2000-01-01
73415 = 2100-12-31
=TODAY() = 2026-11-20
=today() = 2026-11-20
=TODAY()-1 = 2026-11-19
=TODAY()+10 = 2026-11-30
=TODAY()-0 = 2026-11-20
=TODAY()+29/48 = 2026-11-20 14:30
=TODAY()-1+29/48 = 2026-11-19 14:30
=TODAY()+3+5/12 = 2026-11-23 10:00
=TODAY()-30+1/3 = 2026-10-21 08:00
=TODAY()+0/48 = 2026-11-20
=TODAY()+1/86400 = 2026-11-20 00:00:01
=TODAY() + 3 = 2026-11-23
2026-11-20\u200e = 2026-11-20
\u200b2026-11-20 = 2026-11-20
2026-11-20\xa014:30 = 2026-11-20 14:30
 = nothing
   = nothing
TBD = nothing
tbd = nothing
TBA = nothing
n/a = nothing
N/A = nothing
none = nothing
None = nothing
? = nothing
- = nothing
– = nothing
pending = nothing
Pending = nothing
FALSE = nothing
false = nothing
TRUE = tick
true = tick
x = tick
X = tick
yes = tick
y = tick
2026/11/20 = 2026-11-20
2026/1/5 = 2026-01-05
2026-1-2 = 2026-01-02
2026-1-2 9:30 = 2026-01-02 09:30
2026-11-20 9:30 = 2026-11-20 09:30
2026-11-20t14:30 = 2026-11-20 14:30
2026-11-20, 2:30 PM = 2026-11-20 14:30
2026-11-20 14:30:15.5 = 2026-11-20 14:30:16
2026\u5e7411\u670820\u65e5 = 2026-11-20
2026\u5e741\u67085\u65e5 = 2026-01-05
2026\u5e7411\u670820\u65e514:30 = 2026-11-20 14:30
2026 \u5e74 11 \u6708 20 \u65e5 14:30 = 2026-11-20 14:30
20. November 2026, 14:30 Uhr = 2026-11-20 14:30
20. M\xe4rz 2026 = 2026-03-20
20 Mai 2026 = 2026-05-20
1. Dez. 2026 = 2026-12-01
3. Okt 2026 = 2026-10-03
20 novembre 2026 = 2026-11-20
1er f\xe9vrier 2026 = 2026-02-01
20 ao\xfbt 2026 = 2026-08-20
20 aou\u0302t 2026 = 2026-08-20
20 f\xe9vr. 2026 \xe0 14h30 = 2026-02-20 14:30
20 de noviembre de 2026 = 2026-11-20
20 de enero del 2026 a las 14:30 = 2026-01-20 14:30
3 ene 2026 = 2026-01-03
20.11.2026 14:30 Uhr = 2026-11-20 14:30
20.11.2026 14.30 Uhr = 2026-11-20 14:30
20.11.2026 um 14 Uhr = 2026-11-20 14:00
20/11/2026 14h30 = 2026-11-20 14:30
20/11/2026 14h = 2026-11-20 14:00
20/11/2026 14:30h = 2026-11-20 14:30
20/11/2026 14:30 h = 2026-11-20 14:30
2026-11-20 14:30-15:30 = 2026-11-20 14:30
2026-11-20 14:30 - 15:30 = 2026-11-20 14:30
2026-11-20 14:30\u201315:30 = 2026-11-20 14:30
2026-11-20 09:00-10:00 = 2026-11-20 09:00
20.11.2026 14:30-15:30 Uhr = 2026-11-20 14:30
20.11.2026 14-15 Uhr = 2026-11-20 14:00
20.11.2026 14:30 bis 15:30 Uhr = 2026-11-20 14:30
Nov 20, 2026 2:30 PM - 3:30 PM = 2026-11-20 14:30
Nov 20, 2026 2:30 PM \u2192 3:30 PM = 2026-11-20 14:30
Nov 20, 2026 2-3 PM = 2026-11-20 14:00
Nov 20, 2026 2:30-3:30 pm = 2026-11-20 14:30
Nov 20, 2026 11:30-12:30 pm = 2026-11-20 11:30
Nov 20, 2026 10-11:30 am = 2026-11-20 10:00
Nov 20, 2026 11 - 1 pm = 2026-11-20 11:00
2026-11-20T14:30Z = 2026-11-20 14:30
2026-11-20T14:30:00.000Z = 2026-11-20 14:30
2026-11-20T14:30:00+01:00 = 2026-11-20 13:30
2026-11-20T09:00-10:00 = 2026-11-20 19:00
2026-11-20 09:00:00-10:00 = 2026-11-20 19:00
2026-11-20 14:30+01:00 = 2026-11-20 13:30
2026-11-20 14:30-05:00 = 2026-11-20 19:30
2026-11-20T23:30-0500 = 2026-11-21 04:30
2026-11-20T01:00+01 = 2026-11-20
20 Nov 2026 14:30 UTC = 2026-11-20 14:30
20 Nov 2026 14:30 GMT = 2026-11-20 14:30
20 Nov 2026 14:30 -0500 = 2026-11-20 19:30
Fri, 20 Nov 2026 14:30:46 -0800 = 2026-11-20 22:30:46
Fri, 20 Nov 2026 14:30:46 +0000 (UTC) = 2026-11-20 14:30:46
Fri, 20 Nov 2026 14:30:46 GMT = 2026-11-20 14:30:46
no = nothing
NO = nothing
Nein = nothing
non = nothing
null = nothing
NULL = nothing
NA = nothing
nan = nothing
NaT = nothing
\u2014 = nothing
\u2610 = nothing
not yet = nothing
Not Yet = nothing
noch nicht = nothing
pas encore = nothing
\u5426 = nothing
✓ = tick
✔ = tick
✔\ufe0f = tick
☑ = tick
☑\ufe0f = tick
done = tick
Sent = tick
oui = tick
ja = tick
sí = tick
是 = tick
"""


def cases(text: str) -> list[tuple[str, str]]:
    lines = [line.split(" = ") for line in text.strip("\n").split("\n")]
    return [(left.encode("latin-1", "backslashreplace").decode("unicode-escape"), right) for left, right in lines]


@pytest.mark.parametrize(("text", "expected"), cases(DATES))
def test_a_text_is_read_as_a_date(text: str, expected: str) -> None:
    assert shown(read(text)) == expected


LIKE = "write it like 2026-11-20"
BOTH = "write it like 2026-11-20 14:30"
ZONED = " (it names a time zone; times here are in the sheet's own)"
TROUBLES = {
    # two readings, and which they are
    "03/04/2026": "cannot tell 3 April from 4 March in 03/04/2026; write 2026-04-03 or 2026-03-04",
    "3/4/2026": "cannot tell 3 April from 4 March in 3/4/2026; write 2026-04-03 or 2026-03-04",
    "12/11/2026 14:30": "cannot tell 12 November from 11 December in 12/11/2026 14:30; write 2026-11-12 or 2026-12-11",
    "1/12/2026": "cannot tell 1 December from 12 January in 1/12/2026; write 2026-12-01 or 2026-01-12",
    # a year of two digits
    "20/11/26": "the year in 20/11/26 has two digits; write 2026-11-20",
    "11/20/26": "the year in 11/20/26 has two digits; write 2026-11-20",
    "3/4/26": "the year in 3/4/26 has two digits; write 2026-04-03 or 2026-03-04",
    "3.4.26": "the year in 3.4.26 has two digits; write 2026-04-03",
    "40/40/26": "the year in 40/40/26 has two digits; write it like 2026-11-20",
    "20-11-26": f"cannot read 20-11-26 as a date (the year needs four digits); {LIKE}",
    "20 Nov 26": f"cannot read 20 Nov 26 as a date (the year needs four digits); {LIKE}",
    "20/11/26 14:30": f"cannot read 20/11/26 14:30 as a date (the year needs four digits); {BOTH}",
    # no year
    "20 Nov": f"cannot read 20 Nov as a date (the year needs four digits); {LIKE}",
    "Nov 20": f"cannot read Nov 20 as a date (the year needs four digits); {LIKE}",
    "20/11": f"cannot read 20/11 as a date (the year needs four digits); {LIKE}",
    "14:30": f"cannot read 14:30 as a date (the year needs four digits); {BOTH}",
    # words
    "tomorrow": f"cannot read tomorrow as a date; {LIKE}",
    "today": f"cannot read today as a date; {LIKE}",
    "soon": f"cannot read soon as a date; {LIKE}",
    "next week": f"cannot read next week as a date; {LIKE}",
    "Monday": f"cannot read Monday as a date; {LIKE}",
    "to be confirmed": f"cannot read to be confirmed as a date; {LIKE}",
    "2026-11-20?": f"cannot read 2026-11-20? as a date; {LIKE}",
    "ca. 2026-11-20": f"cannot read ca. 2026-11-20 as a date; {LIKE}",
    "2026-11-20 or 21": f"cannot read 2026-11-20 or 21 as a date; {LIKE}",
    "Fri 20 Nov 2026": f"cannot read Fri 20 Nov 2026 as a date (leave the weekday out); {LIKE}",
    "Friday, 20 November 2026": f"cannot read Friday, 20 November 2026 as a date (leave the weekday out); {LIKE}",
    "Tues 24 Nov 2026 14:30": f"cannot read Tues 24 Nov 2026 14:30 as a date (leave the weekday out); {BOTH}",
    "foo 20, 2026": f"cannot read foo 20, 2026 as a date; {LIKE}",
    "20th of November 2026": f"cannot read 20th of November 2026 as a date; {LIKE}",
    # other orders and marks
    "20-11-2026": f"cannot read 20-11-2026 as a date; {LIKE}",
    "2026.11.20": f"cannot read 2026.11.20 as a date; {LIKE}",
    "2026-11": f"cannot read 2026-11 as a date; {LIKE}",
    "20/11.2026": f"cannot read 20/11.2026 as a date; {LIKE}",
    "２０２６-11-20": f"cannot read ２０２６-11-20 as a date; {LIKE}",
    "٢٠/١١/٢٠٢٦": f"cannot read ٢٠/١١/٢٠٢٦ as a date; {LIKE}",
    "2026-11-20 14": f"cannot read the time in 2026-11-20 14; {BOTH}",
    # a zone without an offset
    "20 Nov 2026 14:30 EST": f"cannot read 20 Nov 2026 14:30 EST as a date; {BOTH}",
    "2026-11-20 14:30 Europe/Berlin": f"cannot read 2026-11-20 14:30 Europe/Berlin as a date; {BOTH}",
    "2026-11-20 14:30 (GMT+1)": f"cannot read 2026-11-20 14:30 (GMT+1) as a date; {BOTH}",
    "2026-11-20T14:30+15:00": f"cannot read 2026-11-20T14:30+15:00 as a date{ZONED}; {BOTH}",
    # a weekday that is not that day's, or is not needed
    "Thu, 20 Nov 2026 14:30:00 GMT": f"cannot read Thu, 20 Nov 2026 14:30:00 GMT as a date{ZONED}; {BOTH}",
    "Fri, 20 Nov 2026 14:30": f"cannot read Fri, 20 Nov 2026 14:30 as a date (leave the weekday out); {BOTH}",
    # two dates, and what is no range
    "8/5/2019 & 8/14/2019": f"cannot read 8/5/2019 & 8/14/2019 as a date; {LIKE}",
    "2026-11-20 - 2026-11-21": f"cannot read 2026-11-20 - 2026-11-21 as a date; {LIKE}",
    "2026-11-20 14-15": f"cannot read the time in 2026-11-20 14-15; {BOTH}",
    "2026-11-20 14:30 or 15:30": f"cannot read 2026-11-20 14:30 or 15:30 as a date; {BOTH}",
    "2026-11-20 14:30 with Ana": f"cannot read 2026-11-20 14:30 with Ana as a date; {BOTH}",
    "2026年11月": f"cannot read 2026年11月 as a date; {LIKE}",
    "11月20日": f"cannot read 11月20日 as a date (the year needs four digits); {LIKE}",
    "2026年2月30日": f"there is no such day or time as 2026年2月30日; {LIKE}",
    "30. Februar 2026": f"there is no such day or time as 30. Februar 2026; {LIKE}",
    "20 de noviembre": f"cannot read 20 de noviembre as a date (the year needs four digits); {LIKE}",
    # days and times that do not exist
    "30 February 2026": f"there is no such day or time as 30 February 2026; {LIKE}",
    "29 Feb 2027": f"there is no such day or time as 29 Feb 2027; {LIKE}",
    "2026-02-30": f"there is no such day or time as 2026-02-30; {LIKE}",
    "2026-13-01": f"there is no such day or time as 2026-13-01; {LIKE}",
    "2026-00-10": f"there is no such day or time as 2026-00-10; {LIKE}",
    "0000-01-01": f"there is no such day or time as 0000-01-01; {LIKE}",
    "2026-11-20 24:00": f"there is no such day or time as 2026-11-20 24:00; {LIKE}",
    "2026-11-20 14:60": f"there is no such day or time as 2026-11-20 14:60; {LIKE}",
    "2026-11-20 14:30:60": f"there is no such day or time as 2026-11-20 14:30:60; {LIKE}",
    "20 Nov 2026 13:30 PM": f"there is no such day or time as 20 Nov 2026 13:30 PM; {LIKE}",
    "20 Nov 2026 0:30 AM": f"there is no such day or time as 20 Nov 2026 0:30 AM; {LIKE}",
    "20 Nov 2026 0 PM": f"there is no such day or time as 20 Nov 2026 0 PM; {LIKE}",
    "20 Nov 2026 25:00": f"there is no such day or time as 20 Nov 2026 25:00; {LIKE}",
    "30/02/2026": f"there is no such day as 30/02/2026; {LIKE}",
    "31/4/2026": f"there is no such day as 31/4/2026; {LIKE}",
    "40/40/2026": f"there is no such day as 40/40/2026; {LIKE}",
    "11.20.2026": f"there is no such day as 11.20.2026; {LIKE}",
    "0/1/2026": f"there is no such day as 0/1/2026; {LIKE}",
    "20 Nov 2026 14": f"cannot read the time in 20 Nov 2026 14; {BOTH}",
    "20/11/2026 at 9": f"cannot read the time in 20/11/2026 at 9; {BOTH}",
    # a year outside 2000-2100
    "1999-12-31": f"1999-12-31 is not between the years 2000 and 2100; {LIKE}",
    "2101-01-01": f"2101-01-01 is not between the years 2000 and 2100; {LIKE}",
    "20 Nov 1926": f"20 Nov 1926 is not between the years 2000 and 2100; {LIKE}",
    "0026-11-20": f"0026-11-20 is not between the years 2000 and 2100; {LIKE}",
    "20/11/0026": f"20/11/0026 is not between the years 2000 and 2100; {LIKE}",
    "=TODAY()+99999": f"=TODAY()+99999 is not between the years 2000 and 2100; {LIKE}",
    "=TODAY()-99999": f"=TODAY()-99999 is not between the years 2000 and 2100; {LIKE}",
    # numbers
    "0": f"0 is a number and not a date; {LIKE}",
    "1": f"1 is a number and not a date; {LIKE}",
    "2026": f"2026 is a number and not a date; {LIKE}",
    "20261120": f"20261120 is a number and not a date; {LIKE}",
    "36525": f"36525 is a number and not a date; {LIKE}",
    "73416": f"73416 is a number and not a date; {LIKE}",
    "-46346": f"-46346 is a number and not a date; {LIKE}",
    ".5": f".5 is a number and not a date; {LIKE}",
    "0.6": f"0.6 is a number and not a date; {LIKE}",
    "1e400": f"1e400 is a number and not a date; {LIKE}",
    "99999999999999999999": f"99999999999999999999 is a number and not a date; {LIKE}",
    # formulas
    "#REF!": f"the formula gives #REF!; repair it, or {LIKE}",
    "#n/a": f"the formula gives #n/a; repair it, or {LIKE}",
    "=A1": f"=A1 is a formula, and a .csv has no values for it; {LIKE}",
    "=NOW()": f"=NOW() is a formula, and a .csv has no values for it; {LIKE}",
    "=TODAY()*2": f"=TODAY()*2 is a formula, and a .csv has no values for it; {LIKE}",
    "=TODAY()+A1": f"=TODAY()+A1 is a formula, and a .csv has no values for it; {LIKE}",
    "=TODAY()+48/48": f"=TODAY()+48/48 is a formula, and a .csv has no values for it; {LIKE}",
    "=TODAY()+1/0": f"=TODAY()+1/0 is a formula, and a .csv has no values for it; {LIKE}",
    "=TODAY()+1-1/2": f"=TODAY()+1-1/2 is a formula, and a .csv has no values for it; {LIKE}",
    "=TODAY()+1+2": f"=TODAY()+1+2 is a formula, and a .csv has no values for it; {LIKE}",
    "=TODAY()+100000": f"=TODAY()+100000 is a formula, and a .csv has no values for it; {LIKE}",
}


@pytest.mark.parametrize(("text", "trouble"), TROUBLES.items())
def test_a_text_that_is_no_date_says_why_and_what_to_write(text: str, trouble: str) -> None:
    assert shown(read(text)) == trouble


def test_a_long_text_is_no_date_and_is_named_by_its_beginning() -> None:
    assert shown(read("x" * 5000)) == f"cannot read {'x' * 39}… as a date; {LIKE}"
    assert shown(read("46346".zfill(80))) == "2026-11-20"
    assert shown(read("46346".zfill(81))) == f"cannot read {'0' * 39}… as a date; {LIKE}"


@pytest.mark.parametrize("text", TROUBLES)
def test_a_public_log_gets_no_word_of_the_cell(text: str) -> None:
    reading = read(text)
    assert reading.trouble
    quiet, fix = reading.trouble[1].split("; ")
    assert fix in {"write it like 2026-11-20", "write it like 2026-11-20 14:30"}
    assert fix.endswith("14:30") or quiet != "an unclear time"
    assert quiet in {
        "text that is not a date", "a date with two readings", "a year with two digits",
        "a day that does not exist", "an unclear time", "a year outside 2000 to 2100", "a number that is not a date",
        "the formula gives an error", "a formula, for which a .csv has no values",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-20T14:30Z", "2026-11-20 15:30"), ("2026-07-20T14:30Z", "2026-07-20 16:30"),
        ("Fri, 20 Nov 2026 14:30:46 -0800", "2026-11-20 23:30:46"), ("2026-11-20T23:30:00Z", "2026-11-21 00:30"),
        ("2026-11-20T23:00:00Z", "2026-11-21"), ("2026-11-20 14:30", "2026-11-20 14:30"),
        ("2100-12-31T23:30Z", f"2101-01-01 is not between the years 2000 and 2100; {LIKE}"),
        ("0001-01-01T00:00+14:00", f"0001-01-01T00:00+14:00 is not between the years 2000 and 2100; {LIKE}"),
    ],
)  # fmt: skip
def test_a_time_with_an_offset_is_shown_in_the_sheets_zone(text: str, expected: str) -> None:
    reading = read_moment(text, "", TODAY, DAY_ZERO, ZoneInfo("Europe/Berlin"))
    assert shown(reading).replace(text, expected.split(" is ")[0]) == expected


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        ("3/25/2026|03/04/2026", ("mdy", "3/25/2026", "03/04/2026")),
        ("03/04/2026|25/3/2026", ("dmy", "25/3/2026", "03/04/2026")),
        ("03/04/2026 14:30|25/3/2026", ("dmy", "25/3/2026", "03/04/2026 14:30")),
        ("3/25/2026|1/31/2026", ("mdy", "3/25/2026", "")),
        ("3/25/2026|25/3/2026|03/04/2026", ("", "", "")), ("03/04/2026|5/6/2026", ("", "", "")),
        ("5/5/2026|03/04/2026", ("", "", "")), ("25.3.2026|03/04/2026", ("", "", "")),
        ("31/4/2026|03/04/2026", ("", "", "")), ("25/3/26|03/04/2026", ("", "", "")), ("", ("", "", "")),
    ],
)  # fmt: skip
def test_the_order_that_a_column_shows(cells: str, order: tuple[str, str, str]) -> None:
    assert order_in([*cells.split("|"), None, 46346, True, date(2026, 11, 20)]) == order


@pytest.mark.parametrize(
    ("text", "dmy", "mdy"),
    [
        ("03/04/2026", "2026-04-03", "2026-03-04"),
        ("3/4/2026 14:30", "2026-04-03 14:30", "2026-03-04 14:30"),
        ("20/11/2026", "2026-11-20", "2026-11-20"),
        ("11/20/2026", "2026-11-20", "2026-11-20"),
        ("03.04.2026", "2026-04-03", "2026-04-03"),
        ("5/5/2026", "2026-05-05", "2026-05-05"),
        ("2026-03-04", "2026-03-04", "2026-03-04"),
    ],
)
def test_the_date_order_settles_what_else_has_two_readings(text: str, dmy: str, mdy: str) -> None:
    assert (shown(read(text, "dmy")), shown(read(text, "mdy"))) == (dmy, mdy)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "nothing"),
        (False, "nothing"),
        (True, "tick"),
        (46346, "2026-11-20"),
        (46346.604166666664, "2026-11-20 14:30"),
        (46346.99999999, "2026-11-21"),
        (46346 + 14.5 / 86400, "2026-11-20 00:00:14"),
        (36526, "2000-01-01"),
        (73415.5, "2100-12-31 12:00"),
        (date(2026, 11, 20), "2026-11-20"),
        (datetime(2026, 11, 20), "2026-11-20"),
        (datetime(2026, 11, 20, 14, 30), "2026-11-20 14:30"),
        (datetime(2026, 11, 20, 14, 29, 59, 500_000), "2026-11-20 14:30"),
        (datetime(2026, 11, 20, 14, 29, 59, 499_999), "2026-11-20 14:29:59"),
        (datetime(2026, 11, 20, 14, 30, 0, 1), "2026-11-20 14:30"),
        (timedelta(days=46346, hours=12), "2026-11-20 12:00"),
        (Formula("=A1", 46346), "2026-11-20"),
        (Formula("=A1", "2026-11-20"), "2026-11-20"),
        (Formula("=A1", None), "nothing"),
        (Formula("=A1", ""), "nothing"),
        (Formula("=A1", True), "tick"),
        (Links([Link("2026-11-20", "https://calendar.example/1")]), "2026-11-20"),
        (Links(), "nothing"),
        (36525, f"36525 is a number and not a date; {LIKE}"),
        (73416, f"73416 is a number and not a date; {LIKE}"),
        (1.5, f"1.5 is a number and not a date; {LIKE}"),
        (0, f"0 is a number and not a date; {LIKE}"),
        (math.inf, f"inf is a number and not a date; {LIKE}"),
        (math.nan, f"nan is a number and not a date; {LIKE}"),
        (1e300, f"1e+300 is a number and not a date; {LIKE}"),
        (date(1999, 12, 31), f"1999-12-31 is not between the years 2000 and 2100; {LIKE}"),
        (datetime(2101, 1, 1), f"2101-01-01 00:00:00 is not between the years 2000 and 2100; {LIKE}"),
        (datetime.max, f"{datetime.max} is not between the years 2000 and 2100; {LIKE}"),
        (time(14, 30), f"14:30:00 is a time without a date; {BOTH}"),
        (timedelta(hours=14), f"14:00:00 is a time without a date; {BOTH}"),
        (timedelta(days=365), f"365 days, 0:00:00 is a time without a date; {BOTH}"),
        (timedelta(days=366), f"366 days, 0:00:00 is a number and not a date; {LIKE}"),
        (CellError("#REF!"), f"the formula gives #REF!; repair it, or {LIKE}"),
        (Formula("=A1", CellError("#N/A")), f"the formula gives #N/A; repair it, or {LIKE}"),
    ],
)
def test_a_typed_cell_is_read_as_a_date(value: Any, expected: str) -> None:
    assert shown(read(value)) == expected


def test_a_typed_date_counts_from_the_day_zero_of_its_file() -> None:
    assert shown(read(44884, day_zero=date(1904, 1, 1))) == "2026-11-20"


def test_a_time_alone_and_a_formula_error_have_quiet_words() -> None:
    assert read(time(14, 30)).trouble == (
        f"14:30:00 is a time without a date; {BOTH}",
        f"a time without a date; {BOTH}",
    )
    assert read(CellError("#REF!")).trouble == (f"the formula gives #REF!; repair it, or {LIKE}",
                                                f"the formula gives an error; {LIKE}")  # fmt: skip


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("no", "nothing"), ("NO", "nothing"), (" No ", "nothing"), ("☐", "nothing"), ("☐\ufe0f", "nothing"),
        ("FALSE", "nothing"), ("-", "nothing"), ("–", "nothing"), ("TBD", "nothing"), ("", "nothing"),
        (False, "nothing"), (None, "nothing"), (Formula("=A1", "no"), "nothing"),
        ("x", "tick"), ("Yes", "tick"), (True, "tick"), ("done", "tick"), (Formula("=A1", "x"), "tick"),
        ("2026-11-20", "2026-11-20"), ("03/04/2026", TROUBLES["03/04/2026"]),
        ("maybe", f"cannot read maybe as a date; {LIKE}"),
        ("not yet", "nothing"),
    ],
)  # fmt: skip
def test_a_sent_cell_knows_more_words_for_not_sent(value: Any, expected: str) -> None:
    assert shown(read_sent(value, "", TODAY, DAY_ZERO)) == expected


def test_a_sent_cell_follows_the_date_order_the_day_and_the_day_zero() -> None:
    assert shown(read_sent("03/04/2026", "mdy", TODAY, DAY_ZERO)) == "2026-03-04"
    assert shown(read_sent("=TODAY()", "", date(2027, 1, 2), DAY_ZERO)) == "2027-01-02"
    assert shown(read_sent(44884, "", TODAY, date(1904, 1, 1))) == "2026-11-20"


@given(st.text(max_size=30))
def test_no_text_whatever_stops_the_reader(text: str) -> None:
    for order in ("", "dmy", "mdy"):
        shown(read(text, order))
        shown(read_sent(text, order, TODAY, DAY_ZERO))
    read_people(text)
    read_text(text)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 12, 31)))
def test_what_is_written_is_read_back(moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    assert read(moment_text(moment)).moment == moment
    assert read(to_number(moment, DAY_ZERO)).moment == moment
    assert read(f"{moment.day} {moment:%B %Y} {moment:%H:%M:%S}").moment == moment
    assert read(f"{moment:%b} {moment.day}, {moment.year}").moment == datetime.combine(moment, time())
    assert read(f"{moment:%d/%m/%Y}", "dmy").moment == read(f"{moment:%m/%d/%Y}", "mdy").moment


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ""), ("", ""), ("  Acme ", "Acme"), ("NA", "NA"), ("None", "None"), ("null", "null"), ("0004", "0004"),
        ("TRUE", "TRUE"), ("FALSE", "FALSE"), (True, "TRUE"), (False, ""), (4, "4"), (4.0, "4"), (4.5, "4.5"),
        (-0.5, "-0.5"), (date(2026, 11, 20), "2026-11-20"), (datetime(2026, 11, 20, 14, 30), "2026-11-20 14:30"),
        (time(14, 30), "14:30:00"), ("#REF!", ""), ("#n/a", ""), (CellError("#REF!"), ""),
        ("# of rounds", "# of rounds"),
        (Formula("=A1", "Acme"), "Acme"), (Formula("=A1", None), ""), (Formula("=A1", 4.0), "4"),
        (Formula("=A1", CellError("#REF!")), ""), (Formula("+34 600", CellError("#ERROR!")), "+34 600"),
        (Links([Link("Ana", "u"), Link("Bo", "v")]), "Ana\nBo"), ("a\nb", "a\nb"),
    ],
)  # fmt: skip
def test_text_stays_as_it_is(value: Any, expected: str) -> None:
    assert read_text(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, False), ("", False), ("  ", False), ("FALSE", False), ("false ", False), (False, False),
        (Formula("=A1", ""), False), (Formula("=A1", None), False), (Formula("=A1", False), False), (Links(), False),
        ("x", True), ("-", True), (0, True), (0.0, True), (True, True), (date(2026, 1, 1), True), ("no", True),
        (CellError("#REF!"), True), (Formula("=A1", 0), True), (Formula("=A1", CellError("#N/A")), True),
        (Links([Link("a", "b")]), True),
    ],
)  # fmt: skip
def test_what_fills_a_cell(value: Any, expected: bool) -> None:
    assert fills(value) is expected


def test_words_for_days_and_moments() -> None:
    assert day_words(date(2026, 11, 2)) == "2 Nov 2026"
    assert moment_words(datetime(2026, 11, 2, 9, 5), True) == "2 Nov 2026, 09:05"
    assert moment_words(datetime(2026, 11, 2, 9, 5), False) == "2 Nov 2026"
    assert moment_text(date(2026, 11, 2)) == "2026-11-02"
    assert moment_text(datetime(2026, 11, 2)) == "2026-11-02"
    assert moment_text(datetime(2026, 11, 2, 9, 5)) == "2026-11-02 09:05"
    assert moment_text(datetime(2026, 11, 2, 9, 5, 7)) == "2026-11-02 09:05:07"
    assert to_number(date(2026, 11, 20), DAY_ZERO) == 46346
    assert to_number(datetime(2026, 11, 20, 12), DAY_ZERO) == 46346.5
    assert isinstance(to_number(datetime(2026, 11, 20), DAY_ZERO), int)
    assert str(Problem("Interview", "it is wrong", "wrong")) == "Interview: it is wrong"


def test_a_quoted_cell_is_one_short_line_without_invisible_characters() -> None:
    assert show(" a\n b\u202e\u200b\tc ") == "a b c"
    assert show("x" * 40) == "x" * 40
    assert show("x" * 41) == "x" * 39 + "…"


def test_clean_keeps_line_breaks_and_joiners_only() -> None:
    assert clean("a\r\nb\rc\td") == "a\nb\nc\td"
    assert clean("a\x00\x1b\u202e\u2066\ufeff\ud800\ue000\U000e0041b") == "ab"
    assert clean("👩\u200d💻 نامه\u200cای") == "👩\u200d💻 نامه\u200cای"
    assert clean("plain") == "plain"


# --- the escape in a .csv ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "=1", "+1", "-1", "@x", "\t=1", "\tx", "\rx", "\nx", "\0x", "＝1", "＋1", "－1", "＠x", " =1", "\u200b=1",
        "\ufeff=1", "\u202e=1", "'=1", "''=1", "' =1", "'\tx", "\xa0-x", "\x01=1",
    ],
)  # fmt: skip
def test_what_could_be_a_formula_is_escaped(text: str) -> None:
    assert escape(text) == "'" + text
    assert unescape(escape(text)) == text


@pytest.mark.parametrize(
    "text", ["", "x", "'tis", "a=1", "1+1", "'", "''", "–", "Hello,\n=1", "1-2", "'quoted'", "'X=1"]
)
def test_other_text_is_left_alone(text: str) -> None:
    assert escape(text) == text
    assert unescape(text) == text


@given(st.text(alphabet="'=+-@ \t\n\r\0ax＝\u200b\ufeff", max_size=8))
def test_escaping_can_always_be_undone(text: str) -> None:
    assert unescape(escape(text)) == text


# --- people -----------------------------------------------------------------------------------------------

ANA, BO = Person("Ana Ruiz", "ana@acme.example"), Person("Bo Chen", "bo@acme.example")
ANA_ALONE, BO_ALONE = Person("Ana Ruiz", ""), Person("Bo Chen", "")


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("", []), ("  ", []), (";", []), ("\n\n", []), (",", []),
        ("Ana Ruiz <ana@acme.example>", [ANA]),
        ("Ana Ruiz <ana@acme.example>; Bo Chen <bo@acme.example>", [ANA, BO]),
        ("Ana Ruiz <ana@acme.example>;Bo Chen <bo@acme.example>;", [ANA, BO]),
        ("Ana Ruiz <ana@acme.example>\nBo Chen <bo@acme.example>", [ANA, BO]),
        ("Ana Ruiz <ana@acme.example>\r\nBo Chen <bo@acme.example>", [ANA, BO]),
        ("Ana Ruiz <ana@acme.example>\rBo Chen <bo@acme.example>", [ANA, BO]),
        ("Ana Ruiz <ana@acme.example>, Bo Chen <bo@acme.example>", [ANA, BO]),
        ("Ana Ruiz <ana@acme.example>,", [ANA]),
        ("Ana Ruiz, ana@acme.example, Bo Chen, bo@acme.example", [ANA, BO]),
        ("Ana Ruiz, ana@acme.example; Bo Chen, bo@acme.example", [ANA, BO]),
        ("Ana Ruiz (ana@acme.example)", [ANA]),
        ("Ana Ruiz - ana@acme.example", [ANA]),
        ("Ana Ruiz – ana@acme.example", [ANA]),
        ("Ana Ruiz: ana@acme.example", [ANA]),
        ("Ana Ruiz ana@acme.example", [ANA]),
        ("ana@acme.example Ana Ruiz", [ANA]),
        ("Ana Ruiz <mailto:ana@acme.example>", [ANA]),
        ("mailto:ana@acme.example", [Person("", "ana@acme.example")]),
        ("MAILTO:ana@acme.example", [Person("", "ana@acme.example")]),
        ("Ana Ruiz < ana@acme.example >", [ANA]),
        ("Ana Ruiz <ana@acme.example", [ANA]),
        ('"Ana Ruiz" <ana@acme.example>', [ANA]),
        ("'Ana Ruiz' <ana@acme.example>", [ANA]),
        ("Ana  Ruiz\t<ana@acme.example>", [ANA]),
        ("Ana\u200b Ruiz <ana@acme.example>\u202e", [ANA]),
        ("ana@acme.example", [Person("", "ana@acme.example")]),
        ("<ana@acme.example>", [Person("", "ana@acme.example")]),
        ("ana@acme.example, bo@acme.example", [Person("", "ana@acme.example"), Person("", "bo@acme.example")]),
        ("ana@acme.example bo@acme.example", [Person("", "ana@acme.example"), Person("", "bo@acme.example")]),
        ("Ana Ruiz", [ANA_ALONE]), ("Ana", [Person("Ana", "")]),
        ("Ana Ruiz, Bo Chen", [ANA_ALONE, BO_ALONE]),
        ("Ana Ruiz; Bo", [ANA_ALONE, Person("Bo", "")]),
        ("Ruiz, Ana", [Person("Ruiz, Ana", "")]),
        ("Ana, Bo", [Person("Ana, Bo", "")]),
        ("Ana Ruiz, PhD", [ANA_ALONE]),
        ("Ana, Bo Chen", [Person("Ana, Bo Chen", "")]),
        ("XX Xu, Ana X", [Person("XX Xu", ""), Person("Ana X", "")]),
        ("Ana Ruiz, PhD, Bo Chen", [ANA_ALONE, BO_ALONE]),
        ("Ana Ruiz, Bo Chen, Cy Diaz", [ANA_ALONE, BO_ALONE, Person("Cy Diaz", "")]),
        ("Ruiz, Ana <ana@acme.example>", [Person("Ruiz, Ana", "ana@acme.example")]),
        ("Ruiz, Ana <ana@acme.example>, Chen, Bo <bo@acme.example>",
         [Person("Ruiz, Ana", "ana@acme.example"), Person("Chen, Bo", "bo@acme.example")]),
        ("Ana Ruiz, Bo Chen <bo@acme.example>", [Person("Ana Ruiz, Bo Chen", "bo@acme.example")]),
        ("Ana Ruiz <ana@acme.example>, Bo Chen", [Person("Ana Ruiz, Bo Chen", "ana@acme.example")]),
        ('"Ruiz; Ana" <ana@acme.example>; Bo Chen', [Person("Ruiz; Ana", "ana@acme.example"), BO_ALONE]),
        ('Ana "the boss; Ruiz', [Person("Ruiz", "")]),
        ("Ana Ruiz <ana@acme.example>; Ana R. <ANA@acme.example>", [ANA]),
        ("Ana Ruiz; Ana Ruiz", [ANA_ALONE]),
        ("李明 <li.ming@acme.example>", [Person("李明", "li.ming@acme.example")]),
        ("Ana Ruiz <>", [ANA_ALONE]),
        ("Ana Ruiz <not an address>", [Person("Ana Ruiz", "not an address")]),
        ("Ana Ruiz [HR]", [ANA_ALONE]),
        ("Ana Ruiz - HR", [ANA_ALONE]),
    ],
)  # fmt: skip
def test_people_in_every_form(text: str, people: list[Person]) -> None:
    assert list(read_people(text)) == people


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Ana Ruiz", "Ana"), ("Ana", "Ana"), ("", ""), ("Ana María Ruiz", "Ana"), ("José Ruiz", "José"),
        ("Ruiz, Ana", "Ana"), ("Ruiz, Ana María", "Ana"), ("Ruiz,", "Ruiz,"), ("Ana Ruiz (HR)", "Ana"),
        ("Ana (HR)", "Ana"), ("李明", "李明"), ("李 明", "李 明"), ("Анна Каренина", "Анна Каренина"),
        ("明 Ming", "明 Ming"),
        ("Dr. Vera Lind", "Dr. Vera Lind"), ("Dr Vera Lind", "Dr Vera Lind"), ("Prof. Lind", "Prof. Lind"),
        ("MS. Lind", "MS. Lind"), ("Frau Lind", "Frau Lind"), ("Sra. Lind", "Sra. Lind"), ("M. Lind", "M. Lind"),
        ("Ana & Bo", "Ana & Bo"), ("Ana and Bo", "Ana and Bo"), ("Ana Ruiz, Bo Chen", "Ana Ruiz, Bo Chen"),
        ("Ana und Bo", "Ana und Bo"), ("Ana / Bo", "Ana / Bo"), ("Ana + Bo", "Ana + Bo"), ("Ana et Bo", "Ana et Bo"),
        ("Ana y Bo", "Ana y Bo"), ("Andy Rands", "Andy"), ("O'Neil Ana", "O'Neil"), ("Drew Lind", "Drew"),
        ("Chen, PhD", "PhD"),
    ],
)  # fmt: skip
def test_what_to_call_somebody(name: str, first: str) -> None:
    assert Person(name, "").first_name == first


@pytest.mark.parametrize(
    ("person", "text"),
    [
        (ANA, "Ana Ruiz <ana@acme.example>"), (Person("", "ana@acme.example"), "ana@acme.example"),
        (ANA_ALONE, "Ana Ruiz"),
        (Person("Ruiz, Ana", "ana@acme.example"), '"Ruiz, Ana" <ana@acme.example>'),
        (Person("", ""), ""),
        (Person("Ana; Bo", "ana@acme.example"), '"Ana; Bo" <ana@acme.example>'),
    ],
)  # fmt: skip
def test_people_as_a_draft_names_them(person: Person, text: str) -> None:
    assert str(person) == text
    assert [str(again) for again in read_people(text)] == ([text] if text else [])


def test_quotation_marks_in_a_name_do_not_end_it() -> None:
    assert str(Person('Ana "A" Ruiz', "ana@acme.example")) == "\"Ana 'A' Ruiz\" <ana@acme.example>"


@pytest.mark.parametrize(
    "email",
    [
        "ana@acme.example", "ana.ruiz+jobs@mail.acme.example", "a_b-c!#$%&'*/=?^`{|}~@acme.example",
        "ana@bücher.example",
        "ana@a-b.example", "a" * 64 + "@acme.example", "ana@" + "a" * 63 + ".example", "ana@x1.example",
        "ANA@ACME.EXAMPLE",
        "ana@acme.e1", "a@acme.example", "ana@acme.1.example", "a" * 64 + "@" + ".".join(["b" * 60] * 3) + ".cdefgh",
    ],
)  # fmt: skip
def test_addresses_that_a_link_may_go_to(email: str) -> None:
    assert address_trouble(email) == ""


@pytest.mark.parametrize(
    "email",
    [
        "", "ana", "@acme.example", "ana@", "ana@acme", "ana@@acme.example", "a na@acme.example", "ana@acme..example",
        ".ana@acme.example", "ana.@acme.example", "a..b@acme.example", "ana@-acme.example", "ana@acme-.example",
        "ana@acme.example.", "ana@127.0.0.1", "ana@acme.123", "ana@acme.example.1", "a" * 65 + "@acme.example",
        "ana@" + "a" * 64 + ".example", "ana@acme.example?cc=x", "ana@acme.example,bo@acme.example",
        "ana@acme.example\nbcc:x", "añ@acme.example",
        '"a b"@acme.example', "ana@[127.0.0.1]", "ana%0a@acme .example", "ana@_acme.example",
        "a" * 64 + "@" + ".".join(["b" * 60] * 3) + ".cdefghi",
    ],
)  # fmt: skip
def test_addresses_that_are_none(email: str) -> None:
    assert address_trouble(email) == "is not a complete address"


@pytest.mark.parametrize("email", ["ana@аcme.example", "ana@acme.exаmple", "ana@ａcme.example", "ana@acmе1.example"])
def test_domains_in_mixed_scripts(email: str) -> None:
    assert address_trouble(email) == "mixes letters of several scripts, as forged addresses do"


def test_kana_and_kanji_are_one_script() -> None:
    assert address_trouble("ana@例えテスト.日本") == ""
    assert address_trouble("ana@スーパー.日本") == ""
