"""The consent of English forms, in words or as a question, beside labels and values in either language."""

from __future__ import annotations

import pytest

from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Consent

ENGLISH = """Category: Local government
Organisation: Shari Town
Local government code: 015458
Department: General Affairs Division
Title: Staff
Name: Ichiro Takahashi
"""
MIXED = """Category: 自治体
Organisation: 北海道斜里町
Local government code: 015458
Department: 企画総務課
Title: 主事
Name: 高橋 一郎
"""
BOTH = """区分 / Category：自治体 / Local government
団体名 / Organisation：北海道斜里町 / Shari Town
団体コード / Local government code：015458
部課名 / Department：企画総務課 / General Affairs Division
役職 / Title：主事
氏名 / Name：高橋 一郎 / Ichiro Takahashi
"""


@pytest.mark.parametrize("form", [ENGLISH, MIXED, BOTH], ids=["english", "mixed", "both"])
@pytest.mark.parametrize(
    ("line", "consent"),
    [
        ("Do you agree to the rules of use?: Yes", Consent.YES),
        ("Consent: I agree", Consent.YES),
        ("Consent to the rules: Yes, I agree.", Consent.YES),
        ("I agree to the rules: Yes", Consent.YES),
        ("Agreement to the Terms of Use: Agreed", Consent.YES),
        ("Do you agree to the Terms of Use? Yes", Consent.YES),
        ("Do you agree to the terms? - Yes, I do.", Consent.YES),
        ("Do you agree to the rules? : I agree to the rules.", Consent.YES),
        ("Do you consent to the rules (Yes/No): Yes", Consent.YES),
        ("Consent to rules (yes / no): yes", Consent.YES),
        ("Agree to the terms and conditions: Yes", Consent.YES),
        ("Acceptance of the rules: I accept", Consent.YES),
        ("Terms of use: I agree to the terms of use.", Consent.YES),
        ("Terms: agree", Consent.YES),
        ("Rules: I have read and agree to the rules.", Consent.YES),
        ("Consent: 同意します", Consent.YES),
        ("Consent to the rules: 同意する", Consent.YES),
        ("規約への同意 / Consent to the rules: 同意する / I agree", Consent.YES),
        ("規約への同意（Consent）：I agree", Consent.YES),
        ("規約への同意 Consent：同意します (I agree)", Consent.YES),
        ("Consent / 同意: Yes", Consent.YES),
        ("Have you read and agreed to the rules?: Yes", Consent.YES),
        ("I have read the rules and agree: Yes", Consent.YES),
        ("Consent to the Rules of Use: [x] I agree", Consent.YES),
        ("Do you agree to follow the community rules?: Yes", Consent.YES),
        ("Do you accept the rules?: Yes", Consent.YES),
        ("Do you agree with the rules?: Yes", Consent.YES),
        ("Rules of participation: agreed", Consent.YES),
        ("Consent: YES", Consent.YES),
        ("Do you agree to the rules of use?: No", Consent.NO),
        ("Do you agree to the rules of use?: Not yet", Consent.ABSENT),
        ("Do you agree to the rules of use?: Yes, except article 3", Consent.ABSENT),
        ("Do you agree to the rules of use?:", Consent.ABSENT),
        ("Do you disagree with the rules?: Yes", Consent.ABSENT),
        ("Do you have questions about the rules?: Yes", Consent.ABSENT),
        ("Did you read the rules?: Yes", Consent.ABSENT),
        ("Do you agree to the photo policy?: Yes", Consent.ABSENT),
        ("Do you object to the rules?: Yes", Consent.ABSENT),
        ("Consent: pending", Consent.ABSENT),
        ("Consent: I will agree later", Consent.ABSENT),
        ("Consent to the rules (yes / no): yes / no", Consent.ABSENT),
        ("Would you like to withdraw your consent?: Yes", Consent.ABSENT),
        ("Are you unable to agree to the rules?: Yes", Consent.ABSENT),
        ("Does your boss agree to the rules?: Yes", Consent.ABSENT),
        ("Do you agree to be photographed under the rules?: Yes", Consent.ABSENT),
        ("規約への同意 / Consent to the rules: 同意する / I do not agree", Consent.ABSENT),
        ("Consent / 同意: No", Consent.NO),
        ("Consent to the rules: agree / disagree", Consent.ABSENT),
        ("Do you agree to the rules? If not, why?: Yes", Consent.ABSENT),
        ("Do you agree that the rules are too long?: Yes", Consent.ABSENT),
        ("Do you agree to these rules?: Yes", Consent.YES),
        ("Do you agree with our terms?: yes", Consent.ABSENT),
        ("Do you accept the terms and conditions? Yes", Consent.YES),
        ("Do you agree to the terms of service? Yes, I agree.", Consent.YES),
        ("Have you read and accepted the rules?: Yes", Consent.YES),
        ("I accept the terms: Yes", Consent.YES),
        ("I agree to the terms & conditions: YES", Consent.YES),
        ("Acceptance of the terms of use - accepted", Consent.YES),
        ("Consent to the rules of participation: Yes", Consent.YES),
        ("Agreement with the rules: agreed", Consent.YES),
        ("Terms and conditions: I agree", Consent.YES),
        ("Terms of Service: accepted", Consent.YES),
        ("Conditions of use: I accept", Consent.YES),
        ("Consent (同意): I agree", Consent.YES),
        ("同意 (Consent): 同意します", Consent.YES),
        ("Consent to the rules (required): I agree", Consent.YES),
        ("Rules of Use [Agree/Disagree]: Agree", Consent.YES),
        ("I have read and accept the rules: yes", Consent.YES),
        ("(7) Do you agree to the rules of use?: Yes", Consent.YES),
        ("7. Do you agree to the rules of use? Yes", Consent.YES),
        ("* Do you agree to the rules? *: Yes", Consent.YES),
        ("Q7. Do you agree to the rules? A7. Yes", Consent.YES),
        ("Do you agree to the rules? : yes", Consent.YES),
        ("Do you agree to the rules of use? → Yes", Consent.YES),
        ("Do you agree to abide by the rules?: Yes", Consent.YES),
        ("Do you agree to comply with the terms of use?: Yes", Consent.YES),
        ("Do you agree to the rules of use? [Yes]", Consent.YES),
        ("Do you agree to the rules of use?: Yes / はい", Consent.YES),
        ("Consent to the rules / 規約への同意: はい", Consent.YES),
        ("Do you agree to the rules?: Yes (I read them on Friday)", Consent.ABSENT),
        ("Do you agree to the rules?: Yes, if my boss agrees", Consent.ABSENT),
        ("Do you agree to the rules?: Yes?", Consent.ABSENT),
        ("Do you agree to the rules?: Undecided", Consent.ABSENT),
        ("Do you agree to the rules? Maybe", Consent.ABSENT),
        ("Do you agree to the rules? I do not.", Consent.ABSENT),
        ("Do you agree to the rules? No", Consent.NO),
        ("Do you agree to the rules? Yes and no", Consent.ABSENT),
        ("Do you agree to the rules? (draft): Yes", Consent.ABSENT),
        ("Do you agree to the rules of the other group?: Yes", Consent.ABSENT),
        ("Do you agree to the rules on behalf of your office?: Yes", Consent.ABSENT),
        ("Do you want to agree to the rules later?: Yes", Consent.ABSENT),
        ("Did you agree to the rules of last year?: Yes", Consent.ABSENT),
        ("Consent (no consent): I agree", Consent.ABSENT),
        ("Consent (partial): I agree", Consent.ABSENT),
        ("Have you not read the rules?: Yes", Consent.ABSENT),
        ("Do you refuse the rules?: Yes", Consent.ABSENT),
        ("Do you agree to the rules?: Y/N", Consent.ABSENT),
        ("Terms of use: read", Consent.ABSENT),
        ("Rules: understood", Consent.ABSENT),
        ("Rules of use: see below", Consent.ABSENT),
    ],
)
def test_consent_in_an_english_form(form: str, line: str, consent: Consent) -> None:
    said = parse_form(f"{form}{line}\n")
    assert consent == said.consent
    assert ("015458", True) == (said.code, bool(said.organisation and said.department and said.name))
