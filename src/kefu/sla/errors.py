"""Why a calendar, a policy or a moment in business time is refused."""

from kefu.core.errors import KefuError


class NeverOpen(KefuError):
    """The hours have no open time from here on."""

    code = "sla.never_open"
    status = 422


class TooFar(KefuError):
    """The answer lies more than a hundred years away, or outside the years 1 to 9999."""

    code = "sla.too_far"
    status = 422


class TargetRefused(KefuError):
    """A target that is not longer than zero, or a span of time that ends before it begins."""

    code = "sla.target_refused"
    status = 422


class FieldMalformed(KefuError):
    """A part of a calendar or a row, named in `field`, is missing or has the wrong form."""

    code = "sla.field_malformed"
    status = 422


class ZoneUnknown(KefuError):
    """No time zone has this name."""

    code = "sla.zone_unknown"
    status = 422


class TimeMalformed(KefuError):
    """On `day`, something that is no time of day between 00:00 and 24:00."""

    code = "sla.time_malformed"
    status = 422


class OpeningEmpty(KefuError):
    """On `day`, an opening that closes when it opens."""

    code = "sla.opening_empty"
    status = 422


class OpeningsOverlap(KefuError):
    """On `day`, two openings overlap; one of them may be a night that began the day before."""

    code = "sla.openings_overlap"
    status = 422


class InstantMalformed(KefuError):
    """In `field`, no ISO 8601 instant with an offset from UTC."""

    code = "sla.instant_malformed"
    status = 422


class FeedUnreadable(KefuError):
    """The bytes are no iCalendar feed."""

    code = "sla.feed_unreadable"
    status = 422


class CountryUnknown(KefuError):
    """No holidays are known of this country or this part of it."""

    code = "sla.country_unknown"
    status = 422


class PoliciesLackFallback(KefuError):
    """No policy is without conditions, so that a case may be left without targets."""

    code = "sla.fallback_missing"
    status = 422


class PolicyRepeated(KefuError):
    """Two policies, `key` and `other`, have the same conditions."""

    code = "sla.policy_repeated"
    status = 422


class PolicyNeverMatches(KefuError):
    """A condition of policy `key`, named in `field`, can hold for no case."""

    code = "sla.policy_never_matches"
    status = 422


class PolicyMalformed(KefuError):
    """A part of policy `key`, named in `field`, is missing or has the wrong form."""

    code = "sla.policy_malformed"
    status = 422


class DurationMalformed(KefuError):
    """No amount of time: it wants a number and a unit, is longer than zero, and within a year."""

    code = "sla.duration_malformed"
    status = 422


class ShareMalformed(KefuError):
    """No share in percent that is over 0 and at most 100."""

    code = "sla.share_malformed"
    status = 422


class LineMalformed(KefuError):
    """In `field`, line number `line` does not begin with a date."""

    code = "sla.line_malformed"
    status = 422


class DateRepeated(KefuError):
    """In `field`, `date` stands twice, with different hours."""

    code = "sla.date_repeated"
    status = 422


class KeyMalformed(KefuError):
    """A key is 1 to 40 small letters, digits and hyphens."""

    code = "sla.key_malformed"
    status = 422


class KeyRepeated(KefuError):
    """There is a calendar or policy with this key already."""

    code = "sla.key_repeated"
    status = 409


class CalendarUnknown(KefuError):
    """No calendar has this key."""

    code = "sla.calendar_unknown"
    status = 404


class CalendarUsed(KefuError):
    """Policy `key` counts by this calendar, so it stays."""

    code = "sla.calendar_used"
    status = 409


class PolicyUnknown(KefuError):
    """No policy has this key."""

    code = "sla.policy_unknown"
    status = 404
