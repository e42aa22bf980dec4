"""The rules in force follow the register and the calendar."""

from datetime import date

from gateway.admission.eligibility import assess
from gateway.admission.eligibility.assess import Rules
from gateway.admission.organisations.domains import Standing
from gateway.admission.organisations.register import Domain
from gateway.app.wiring.active_rules import ActiveRules
from gateway.printing.sentences.stating import say
from gateway.store.repositories.organisations import Additions, OrganisationDirectory
from tests.support.factories import case, form
from tests.support.paths import CONFIG

SHIPPED = CONFIG / "organisations.tsv"
ADDED = Additions(domains={"131016": (Domain("kuyakusho.example", until=date(2026, 12, 31)),)})


def test_what_staff_add_counts_from_the_next_mail_on_and_only_in_its_time() -> None:
    today = [date(2026, 11, 24)]
    directory = OrganisationDirectory(SHIPPED)
    book = ActiveRules(Rules(), directory, lambda: today[0])

    def standing() -> Standing:
        return assess.build_domain_background("kuyakusho.example", book.rules()).standing

    assert Standing.CONFIRM is standing()
    directory.set_additions(ADDED)
    assert Standing.OWN is standing()
    today[0] = date(2027, 1, 1)
    assert Standing.CONFIRM is standing()


def test_the_rules_are_made_once_for_a_register_and_a_day() -> None:
    book = ActiveRules(Rules(), OrganisationDirectory(SHIPPED), lambda: date(2026, 11, 24))
    assert book.rules() is book.rules()


def test_a_case_is_reviewed_with_its_form_as_it_is_now() -> None:
    book = ActiveRules(Rules(), OrganisationDirectory(SHIPPED), lambda: date(2026, 11, 24))
    wrong = book.review(case(form=form("区分: 自治体\n団体名: 大阪市\n全国地方公共団体コード: 131016\n")))
    assert [True] == ["「大阪市」" in say(flag) for flag in wrong.flags if "131016" in say(flag)]
