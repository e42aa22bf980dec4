"""What stands under 所属: the body, the section, or both in one value."""

from __future__ import annotations

import re

_BODY = re.compile(
    r"((?:\S{1,12}[都道府県][\s　]{0,3})?\S{1,20}(?:都|道|府|県|市|区|町|村|省|庁|院|組合|広域連合"
    r"|委員会|本部))[\s　]+(\S.*)"
)
_BODY_ALONE = re.compile(
    r"(?:\S{1,12}[都道府県][\s　]{0,3})?\S{1,20}(?:[都道府県市区町村省庁]|組合|広域連合|役所|役場)"
)


def split_affiliation(affiliation: str, organisation: str, department: str) -> tuple[str, str]:
    """Organisation and department, where 所属 says what other labels leave open.

    Beside a section it is the body if it is called like one; without one it is the section, or both.
    """
    if affiliation and not organisation and _BODY_ALONE.fullmatch(affiliation):
        organisation = affiliation
    elif affiliation and not department:
        department = affiliation
    both = None if organisation else _BODY.fullmatch(department)
    return (organisation, department) if both is None else (both[1], both[2])
