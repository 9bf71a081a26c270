"""Holidays from a country and from a calendar feed."""

import subprocess
import sys
from datetime import date

import pytest

from kefu.sla.errors import CountryUnknown, FeedUnreadable
from kefu.sla.feeds import country_days, holidays_of, in_force


def feed(*events: str) -> bytes:
    """Return a feed of events, their lines parted by `|`."""
    entries = "".join(
        "BEGIN:VEVENT\r\n" + event.replace("|", "\r\n") + "\r\nEND:VEVENT\r\n" for event in events
    )
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{entries}END:VCALENDAR\r\n".encode()


def found(*events: str) -> dict[str, str]:
    days = holidays_of(feed(*events), around=2026)
    return {day.isoformat(): name for day, name in days.items()}


def test_a_yearly_entry_repeats_from_a_year_back_to_three_ahead() -> None:
    assert found("UID:1|SUMMARY:元旦|DTSTART;VALUE=DATE:20000101|RRULE:FREQ=YEARLY") == {
        f"{year}-01-01": "元旦" for year in range(2025, 2030)
    }
    last_monday = (
        "UID:1|SUMMARY:a|DTSTART;VALUE=DATE:20200525|RRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO"
    )
    assert [*found(last_monday)][:2] == ["2025-05-26", "2026-05-25"]


def test_a_rule_ends_and_leaves_out_what_it_says() -> None:
    entry = (
        "UID:1|SUMMARY:a|DTSTART;VALUE=DATE:20200301|RRULE:FREQ=YEARLY;UNTIL=20280301T000000Z"
        "|EXDATE;VALUE=DATE:20260301|RDATE;VALUE=DATE:20260302"
    )
    moved = "UID:1|SUMMARY:b|DTSTART;VALUE=DATE:20270305|RECURRENCE-ID;VALUE=DATE:20270301"
    assert found(entry, moved) == {
        "2025-03-01": "a", "2026-03-02": "a", "2027-03-05": "b", "2028-03-01": "a",
    }  # fmt: skip


def test_an_entry_may_last_for_days() -> None:
    three = ["2026-02-17", "2026-02-18", "2026-02-19"]
    assert [*found("UID:1|DTSTART;VALUE=DATE:20260217|DTEND;VALUE=DATE:20260220")] == three
    assert [*found("UID:1|DTSTART;VALUE=DATE:20260217|DURATION:P3D")] == three
    over = found("UID:1|DTSTART;VALUE=DATE:20241231|DTEND;VALUE=DATE:20250102")
    assert [*over] == ["2025-01-01"]


@pytest.mark.parametrize(
    "event",
    [
        "SUMMARY:Daylight Saving Time starts|DTSTART;VALUE=DATE:20260308",
        "SUMMARY:Beginn der Sommerzeit|DTSTART;VALUE=DATE:20260329",
        "SUMMARY:Passage à l'heure d'été|DTSTART;VALUE=DATE:20260329",
        "SUMMARY:夏令时开始|DTSTART;VALUE=DATE:20260329",
        "SUMMARY:a|STATUS:CANCELLED|DTSTART;VALUE=DATE:20260329",
        "SUMMARY:Review|DTSTART:20260329T100000Z|DTEND:20260329T110000Z",
        "SUMMARY:no start",
        "SUMMARY:broken|DTSTART;VALUE=DATE:20261399",
        "SUMMARY:broken|DTSTART;VALUE=DATE:20260329|RRULE:FREQ=YEARLY;INTERVAL=x",
        "SUMMARY:long ago|DTSTART;VALUE=DATE:20160329",
    ],
)
def test_what_is_no_holiday_is_left_out(event: str) -> None:
    kept = "UID:2|SUMMARY:Easter Sunday|DTSTART;VALUE=DATE:20260405"
    assert found(f"UID:1|{event}", kept) == {"2026-04-05": "Easter Sunday"}


def test_a_rule_by_the_second_counts_its_first_day_only() -> None:
    assert [*found("UID:1|DTSTART;VALUE=DATE:20260101|RRULE:FREQ=SECONDLY")] == ["2026-01-01"]
    dense = "RRULE:FREQ=YEARLY;BYHOUR=0,1,2;BYMINUTE=0,1;BYSECOND=0,1"
    assert len(found(f"UID:1|DTSTART;VALUE=DATE:19000101|{dense}")) == 5


@pytest.mark.parametrize(
    "garbage",
    [
        b"",
        b"<html></html>",
        b"\xff\xfe\0",
        b"BEGIN:VCALENDAR\r\n",
        b"BEGIN:VEVENT\r\nEND:VEVENT\r\n",
    ],
)
def test_what_is_no_feed_is_refused(garbage: bytes) -> None:
    with pytest.raises(FeedUnreadable):
        holidays_of(garbage, around=2026)
    yearly = "DTSTART;VALUE=DATE:20260101|RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"
    with pytest.raises(FeedUnreadable):
        holidays_of(feed(*[yearly] * 301), around=2026)


def test_a_country_has_holidays_and_days_worked_in_exchange() -> None:
    china = country_days("CN", None, around=2024)
    assert china.holidays[date(2024, 2, 10)]
    assert date(2024, 2, 18) in china.worked
    assert date(2024, 3, 29) in country_days("DE", "BE", around=2024).holidays
    for country, region in (("XX", None), ("DE", "ZZ"), ("", None)):
        with pytest.raises(CountryUnknown):
            country_days(country, region, around=2024)


def test_what_was_changed_by_hand_stays() -> None:
    kept, gone, added = date(2026, 1, 1), date(2026, 5, 1), date(2026, 7, 20)
    assert in_force([kept, gone], {gone: False, added: True}) == {kept, added}


def test_the_worlds_holidays_are_not_loaded_with_the_command() -> None:
    program = "import sys, kefu.cli.sla, kefu.sla.defaults; print(*sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, text=True
    )
    assert not {"holidays", "icalendar", "dateutil"} & set(ran.stdout.split())


@pytest.mark.parametrize("interval", ["0", "-1"])
def test_a_rule_that_never_steps_on_gives_its_first_day_alone(interval: str) -> None:
    rule = f"RRULE:FREQ=YEARLY;INTERVAL={interval}"
    assert found(f"UID:1|SUMMARY:a|DTSTART;VALUE=DATE:20260101|{rule}") == {"2026-01-01": "a"}


def test_an_entry_past_the_last_year_spoils_no_other() -> None:
    far = "UID:1|SUMMARY:a|DTSTART;VALUE=DATE:99991230|DURATION:P900D"
    assert found(far, "UID:2|SUMMARY:b|DTSTART;VALUE=DATE:20260102") == {"2026-01-02": "b"}


@pytest.mark.parametrize("country", ["", "list_supported_countries", "utils", "HolidayBase"])
def test_only_a_code_of_two_letters_is_looked_up(country: str) -> None:
    with pytest.raises(CountryUnknown):
        country_days(country, None, around=2026)
