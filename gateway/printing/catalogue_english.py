"""The sentences of `printing.catalogue` in English, for pages, with the same ids and slots."""

from __future__ import annotations

from collections.abc import Mapping

TEXTS: Mapping[str, str] = {
    "as_written": "{text:written}",
    "office_rule": "{text:office}",
    # --- the domain ---
    "agency": "go.jp is also used by independent administrative agencies: check that the body is eligible",
    "service_name": "this is the name of an lg.jp service, not an employer",
    "open_parent": (
        "it looks like the name of a municipality, but anyone can register names below this parent"
    ),
    "government_word": "it looks like the name of a government body, but anyone can register it",
    "imitation": "WARNING: the name imitates a domain of the government",
    "spf_allows_all": (
        "WARNING: SPF of the author's domain allows every sender (it does not prevent spoofing)"
    ),
    "other_name": (
        "WARNING: not the author's domain, but only another name of the same organisation vouches for the "
        "message (relaxed DMARC alignment)"
    ),
    "foreign_alias": (
        "WARNING: SPF or MX of the name that vouches for the message points outside of the organisation by a "
        "CNAME (it may have been taken over)"
    ),
    "allow_listed": "registered as a domain of the organisation with code {code:code}",
    "applied_before": "this person has applied before; that record is erased",
    "other_address": (
        "the address in the text, {address:address}, is not the author's. The invitation is sent only to the "
        "author"
    ),
    # --- reasons why an application is not without warnings ---
    "not_own_domain": "the author's domain alone does not show the affiliation",
    "proof_is_weak": "the author is not authenticated by DMARC or DKIM",
    "proof_by_other": (
        "not the author's domain, but the name above it, {domain:domain}, vouches for the message"
    ),
    "items_are_missing": "items of the application are missing",
    "body_not_listed": "the register does not show that the domain belongs to this organisation",
    # --- whether somebody can confirm an affiliation ---
    "confirmer_role": "this looks like the address of a department or a desk, not of a person",
    "confirmer_guest": "the organisation also gives addresses to people outside",
    "confirmer_child": "the name is below the domain of the organisation",
    "confirmer_shared": "several organisations use this domain",
    # --- the code alone ---
    "code_is_corporate": "the field for the code contains a corporate number of 13 digits",
    "code_check_digit": (
        "the check digit of the code {stated:value} is wrong (it may be meant as {code:code} {body:body})"
    ),
    "code_unreadable": "the code {stated:value} is not a local government code",
    "code_five_digits": "the code {stated:value} has five digits and was read as {code:code}",
    "code_northern": "the village with code {code:code} has no administration",
    "code_ward": "code {code:code} is a ward of a city; the employer is the city ({employer:code})",
    "code_named_ward": (
        "code {code:code} is a ward of a city ({ward:body}); the employer is {city:body} ({employer:code})"
    ),
    "code_ward_of_city": (
        "code {code:code} is a ward of a city; the employer is {city:body} ({employer:code})"
    ),
    "code_ward_alone": (
        "code {code:code} is a ward of a city ({ward:body}); the employer is the city ({employer:code})"
    ),
    "code_not_listed": "code {code:code} is not in the register; it may be a union of municipalities",
    # --- the name ---
    "name_not_of_code": "code {code:code} is {body:body}, but the name given is {stated:value}",
    "name_not_listed": "the name {stated:value} is not in the register",
    "name_of_several": "{stated:value} can be any of {count:number} organisations ({bodies:bodies})",
    # --- the category ---
    "national_from_local": (
        "the category is national government, but the domain {domain:domain} is one of local governments"
    ),
    "local_from_national": (
        "the category is local government, but the domain {domain:domain} is one of the national government"
    ),
    "code_from_national": (
        "a local government code is given, but the domain {domain:domain} is one of the national government"
    ),
    # --- the organisation compared with the domain ---
    "domain_shared": "several organisations use {domain:domain} ({bodies:bodies})",
    "domain_of_union": (
        "the domain {domain:domain} belongs to a union of municipalities, not to {bodies:bodies}"
    ),
    "domain_mismatch": "the organisation ({bodies:bodies}) does not match the domain {domain:domain}",
    "domain_of_others": (
        "the organisation ({bodies:bodies}) does not match the domain {domain:domain} ({holders:bodies})"
    ),
    # --- why a reply changed nothing, or how it was parsed ---
    "read_as": "read as: {word:decision}",
    "no_decision": "no decision word (approve, decline, ask, hold, undo and so on) is a sentence of its own",
    "nearly_read": "{said:value} cannot be read as a decision with certainty",
    "two_decisions": "the message contains two or more decisions",
    "doubt": "beside the decision there is text that may be a condition, a question or a correction",
    "no_day": "{said:value} does not say until when to hold",
    "misplaced": "the decision word may be in a quotation or a signature",
    "html_differs": "the HTML text and the plain text do not contain the same decision",
    "html_alone": (
        "decisions are not read from mail in HTML only. Send plain text, or reply with the word and the code"
    ),
    "html_digest": "decisions are not read from mail in HTML only. Send plain text",
    "subject_differs": "the subject contains another decision than the text",
    "wrong_code": "the code is wrong",
    "too_long": "the text, the subject or the text to pass on (up to 1,000 characters) is too long",
    "doubled": "the header contains {field:value} twice or more; it is not clear which one is right",
    "another_text": (
        "the message contains a second text, in a format that is not read here or with a file name. Send "
        "plain text, or reply with the word below and the code"
    ),
    "sent_by_colleague": (
        "another member ({by:value}) sent the message for its author. Each member has to decide in their own "
        "name"
    ),
    "sent_by": (
        "the message says that somebody else ({by:value}) sent it. If the decision is the author's own, "
        "reply with the word below and the code"
    ),
    "overtaken": (
        "a later reply of yours about this application arrived first. This one was written before it and "
        "does not count. If it is what you want, reply again"
    ),
    "not_a_mail": "it cannot be read as a message ({cause:value})",
    "machine": "it appears to be automatic mail and does not count as a decision",
    "machine_mark": (
        "the message is marked as sent by a machine ({mark:value}), so the word alone does not count. "
        "Reply with the word below and the code. Mail servers and forwarding add this mark; ask your "
        "server's administrator to turn it off"
    ),
    # --- the letter that is replied to ---
    "expired": (
        "this reply address is no longer valid (expired or revoked). Reply to the newest review request"
    ),
    "code_wanted": "this desk accepts only replies with the code after the word",
    "request_alone": "send it as a reply to the review request (the reply address differs)",
    "undo_only": "a reply to the receipt can only undo. To decide, reply to the review request",
    "told_only": "a reply to this notice cannot decide anything. Please tell a member who can",
    "unsigned": (
        "the DKIM signature of the sending server does not cover recipient and body format, so it is not "
        "certain that this reply is meant for this case"
    ),
    "weak_proof": (
        "not the author's domain itself, but only a server with another name vouches for the message, so "
        "this reply cannot decide or confirm"
    ),
    "no_signature": "this desk accepts only replies with a DKIM signature",
    "undated": (
        "the date of the message is before the review request, or too far from the time it was received"
    ),
    "crossed": "it also names another case or its reply address, so it is not clear which case is meant",
    # --- words that count only with the code ---
    "code_word_wanted": (
        "this word only counts with the code behind it: word and code on the first line, then an empty line, "
        "then the text"
    ),
    "reply_wanted": "a reply needs a text for the applicant, below an empty line",
    "memo_wanted": "a note needs a text, below an empty line",
    "memos_full": "this case has the maximum number of notes",
    "correction_wanted": (
        "a correction needs a line with the organisation or the category and a line with the reason, "
        "below an empty line"
    ),
    "changed_since": (
        "the case has changed since this mail. Reply with the word for the status, then reply to that mail"
    ),
    "not_closed": "this case is not closed, so it cannot be reopened",
    "undo_instead": "the letter about the decision has not been sent yet: you can undo the decision",
    "not_open": "this case is closed or on its way to an invitation, so this word does not apply",
    # --- stop and resume ---
    "stop_asked": (
        "do you want to stop the desk? Nothing is stopped. To stop it, reply with only the word for stop "
        "and the code"
    ),
    "stop_alone": "stop and resume only count in a reply that contains nothing else",
    "paused": (
        "the operators have paused decisions. Nothing was changed. Reply again after the notice that they"
        " resumed"
    ),
    # --- a line of a digest ---
    "line_code_wanted": "the code of this digest is missing after the word",
    "line_doubt": "the same message contains a condition, a question or a correction",
    "line_other_count": "the number differs from that of the cases without warnings in this digest",
    "line_not_waiting": "this case no longer awaits a decision",
    "line_attention_since": "warnings were found after the digest was sent",
    "batch_one_by_one": "this case cannot be approved together with others: open it",
    "line_attention": (
        "this case has warnings. Check them, then send a line of its own with the word that confirms the "
        "warnings behind the code"
    ),
    "line_twice": "the same number is written twice",
    "line_not_shown": "the number is not in the digest that was answered",
    "line_changed": "the application has changed. See the newest review request",
    # --- the case ---
    "not_permitted": "your role does not permit this",
    "second_look_other": "this is a second look: a member other than the one who decided first decides",
    "own_application": "you cannot decide on your own application",
    "same_person": (
        "the applicant's name or address is the same as yours. Even if it is somebody else, another "
        "member has to decide"
    ),
    "reason_wanted": "a decline needs a reason that is sent to the applicant",
    "snippet_unknown": "the settings have no standard text with that number. Nothing was sent",
    "question_wanted": "a question for the applicant is needed",
    "call_needless": "the author's address shows the affiliation, so a call is not recorded",
    "call_wanted": "a confirmed call needs the telephone number and the name of the person who answered",
    "second_wanted": "this case needs a second approval. Yours is recorded",
    "day_out_of_range": "the end of the hold must be between tomorrow and one year from now",
    "nothing_to_undo": "there is no decision to undo",
    "leaving": (
        "the letter to the applicant is being sent. To undo it all the same and return the case to "
        "review, reply with the word for undo and the code"
    ),
    "decided": "{by:address} already decided this case on {at:moment}",
    "asked": "the applicant has been asked. You will get a review request when the answer arrives",
    "not_decidable": "this case cannot be decided in its present state",
    "joined_already": "this case is already recorded as joined",
    "never_invited": "a case without an invitation cannot be recorded as joined",
    "invitation_waits": "the approved invitation is about to be sent",
    "never_approved": "an invitation cannot be sent for a case that is not approved",
}

DECISIONS: Mapping[str, str] = {
    "approve": "approve",
    "decline": "decline",
    "ask": "ask",
    "hold": "hold",
    "undo": "undo",
    "take": "claim",
    "joined": "joined",
    "resend": "resend",
    "reply": "reply",
    "memo": "note",
    "withdraw": "withdraw",
    "reopen": "reopen",
    "correct": "correct",
    "handover": "hand over",
    "affiliated": "affiliation confirmed",
    "stop": "stop",
    "resume": "resume",
    "list": "list",
    "status": "status",
    "help": "help",
}
