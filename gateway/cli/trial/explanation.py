"""Prints the result of `gateway explain` as tables."""

from __future__ import annotations

from typing import Any

from gateway.cli.shared import output


def print_explanation(told: dict[str, Any]) -> None:
    """Print envelope, authentication, DNS answers, and what would happen."""
    verdict = told["verdict"] or {}
    output.print_table("Envelope", ("", ""), told["envelope"].items())
    if verdict:
        output.print_table("Proof", ("check", "result", "about", "why"), _proof_rows(verdict))
        rows = ((a["type"], a["name"], a["status"], " / ".join(a["records"])) for a in _answer_rows(verdict))
        output.print_table("DNS answers at the time", ("type", "name", "status", "records"), rows)
    facts = [
        ("author", told["author"]),
        (
            "verdict",
            f"{verdict.get('outcome', '-')} ({verdict.get('grade', '-')}): {verdict.get('reason', '')}",
        ),
        ("counts for", _PROOFS.get(verdict.get("proof", ""), "")),
        ("vouched for by", verdict.get("prover", "")),
        *(("CNAME pointing outside the organisation", name) for name in verdict.get("foreign_aliases", ())),
        *((key.removeprefix("domain_"), value) for key, value in _background_rows(told)),
        ("automatic", told.get("automatic")),
        *((f"form: {key}", value) for key, value in (told.get("form") or {}).items()),
        ("class", told.get("class")),
        ("intent", told.get("intent")),
        ("case before", told.get("case")),
        ("state afterwards", told.get("state")),
        *(("letter queued", f"{one['letter']} to {one['to']}") for one in told.get("letters", [])),
        ("cause", told.get("cause")),
        ("SMTP reply", told["reply"]),
    ]
    output.print_table("What would happen", ("", ""), ((key, value) for key, value in facts if value))


_PROOFS = {
    "decision": "decisions, confirmations and applications",
    "application": "applications only, no decisions or confirmations",
}


def _proof_rows(verdict: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    spf, dmarc = verdict["spf"], verdict["dmarc"]
    return [
        ("SPF", spf["result"], f"{spf['domain']} ({spf['identity']})", spf["reason"]),
        *(
            ("DKIM", one["result"], f"{one['domain']} ({one['selector']}, {one['algorithm']})", one["reason"])
            for one in verdict["dkim"]
        ),
        ("DMARC", dmarc["result"], f"{dmarc['domain']} {dmarc['policy']}", dmarc["reason"]),
        ("MX", verdict["mx"], verdict["author_domain"], ""),
    ]


def _background_rows(told: dict[str, Any]) -> list[tuple[str, Any]]:
    """Return the facts about the domain; the authentication has a separate table."""
    known = told.get("background") or {}
    return [(key, known[key]) for key in ("domain_kind", "standing", "organisation") if key in known] + [
        ("flag", flag) for flag in known.get("flags", ())
    ]


def _answer_rows(verdict: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"type": one["rtype"], "name": one["name"], "status": one["status"], "records": one["records"]}
        for one in verdict.get("answers", ())
    ]
