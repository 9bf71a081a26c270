"""Signing in: throttled, uniform, and bound to its client."""

import pytest

from kefu.actions.sign_in import Tries
from kefu.core.errors import RateLimited, SignInRefused
from tests.house import House


def test_ten_failures_from_one_place_wait_and_another_place_does_not() -> None:
    tries = Tries()
    for second in range(10):
        tries.check("lin@x.example", "10.0.0.1", second)
        tries.failed("lin@x.example", "10.0.0.1", second)
    with pytest.raises(RateLimited) as refused:
        tries.check("LIN@x.example", "10.0.0.1", 10)
    assert refused.value.retry_after == 890
    tries.check("lin@x.example", "10.0.0.2", 10)
    tries.check("lin@x.example", "10.0.0.1", 901)


async def test_unknown_address_and_wrong_password_look_the_same(house: House) -> None:
    for email in ("lin@halden.example", "nobody@halden.example"):
        with pytest.raises(SignInRefused) as refused:
            await house.desk.sign_in(email, "wrong", "test")
        assert refused.value.values == {}


async def test_a_session_holds_for_its_client_until_sign_out(house: House) -> None:
    signed = await house.desk.sign_in("lin@halden.example", "lin password", "browser A")
    agent = await house.desk.agent(signed.token, "browser A")
    assert agent is not None
    assert await house.desk.agent(signed.token, "browser B") is None
    await house.desk.sign_out(agent)
    assert await house.desk.agent(signed.token, "browser A") is None
