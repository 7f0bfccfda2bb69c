"""A program in a shop that calls the simulated ERP without any care, for tests of the simulator."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2

from onbam_sims.ecount import Company, EcountSimulator, Options
from support.hands import Hands

TODAY = "20260105"
KEYS = {"sboapi": Company().test_key, "oapi": Company().real_key}


class Office:
    """A program in the shop that calls the ERP without any care."""

    def __init__(self, erp: EcountSimulator, clock: Hands, mode: str = "oapi") -> None:
        self.erp, self.clock, self.mode, self.session = erp, clock, mode, ""
        self.http = httpx2.Client(base_url=erp.url, timeout=20)

    def zone(self, **body: object) -> httpx2.Response:
        """Ask for the zone."""
        return self.http.post(f"/{self.mode}/OAPI/V2/Zone", json={"COM_CODE": "900001", **body})

    def login(self, *, zone: str = "CC", **body: object) -> httpx2.Response:
        """Ask for a session, and keep it."""
        wanted = {"COM_CODE": "900001", "USER_ID": "ONBAM", "API_CERT_KEY": KEYS[self.mode], "LAN_TYPE": "ko-KR", "ZONE": zone}
        answer = self.http.post(f"/{self.mode}{zone}/OAPI/V2/OAPILogin", json={**wanted, **body})
        if answer.headers["content-type"].startswith("application/json") and (data := answer.json()["Data"]):
            self.session = (data["Datas"] or {}).get("SESSION_ID", "")
        return answer

    def call(self, path: str, body: object, **options: Any) -> httpx2.Response:
        """Any call with the session."""
        address = f"/{self.mode}CC/OAPI/V2/{path}"
        return self.http.post(address, params={"SESSION_ID": self.session}, json=body, **options)

    def save(self, *rows: dict[str, Any], wait: float = 10.0, **options: Any) -> httpx2.Response:
        """Save, after waiting long enough."""
        self.clock.at += wait
        return self.call("Purchases/SavePurchases", {"PurchasesList": [{"BulkDatas": row} for row in rows]}, **options)


def row(key: str = "2601050229", **fields: Any) -> dict[str, Any]:
    """One line that can be saved, changed as asked."""
    plain = {"UPLOAD_SER_NO": "1", "IO_DATE": TODAY, "CUST": "00001", "WH_CD": "100", "PROD_CD": "Y123F0", "PROD_DES": "문틀"}
    figures = {"QTY": "2", "PRICE": "1000", "SUPPLY_AMT": "2000", "VAT_AMT": "200"}
    return {**plain, **figures, "REMARKS": key, **fields}


@contextmanager
def office(*, log_in: bool = True, mode: str = "oapi", **options: Any) -> Iterator[tuple[EcountSimulator, Office]]:
    """An ERP on a clock turned by hand, and the program that calls it."""
    clock = Hands()
    known = {"seed", "company", "time_scale", "per_day"}
    named = {name: options.pop(name) for name in known & set(options)}
    with EcountSimulator(now=clock, options=Options(**options), **named) as erp:
        caller = Office(erp, clock, mode)
        with caller.http:
            if log_in:
                caller.login()
            yield erp, caller


def result(answer: httpx2.Response) -> dict[str, Any]:
    """What an answer says."""
    data: dict[str, Any] = answer.json()["Data"]
    return data
