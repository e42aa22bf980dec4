"""The sentences of `printing.sentences.catalogue` in English, for pages, with the same ids and slots."""

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
    "imitation": "WARNING: the name imitates a government domain",
    "spf_allows_all": (
        "WARNING: the author domain's SPF record authorises every host (it does not prevent spoofing)"
    ),
    "other_name": (
        "WARNING: the message is authenticated only by another domain name of the same organisation "
        "(relaxed DMARC alignment)"
    ),
    "foreign_alias": (
        "WARNING: the SPF or MX record of the domain that authenticates the message points outside the "
        "organisation through a CNAME (the name may have been taken over)"
    ),
    "allow_listed": "registered as a domain of the organisation with the code {code:code}",
    "applied_before": "this person has applied before; the data of the earlier application has been erased",
    "other_address": (
        "the text contains an address other than the author's, {address:address}. The invitation is sent "
        "only to the author"
    ),
    # --- reasons why an application is not without warnings ---
    "not_own_domain": "the author's domain alone does not show the affiliation",
    "proof_is_weak": "the author is not authenticated by DMARC or DKIM",
    "proof_by_other": (
        "the message is authenticated by the parent domain {domain:domain}, not by the author's own domain"
    ),
    "items_are_missing": "items of the application are missing",
    "consent_is_unsure": (
        "the consent is accompanied by sentences that could not be parsed: check that none of them limits it"
    ),
    "body_not_listed": "the register does not show that the domain belongs to this organisation",
    # --- whether somebody can confirm an affiliation ---
    "confirmer_role": "this appears to be a shared mailbox, not a person's address",
    "confirmer_guest": "the organisation also gives addresses to outsiders",
    "confirmer_child": "the domain is a subdomain of the organisation's domain",
    "confirmer_shared": "several organisations use this domain",
    # --- the code alone ---
    "code_is_corporate": "the code field contains a 13-digit corporate number",
    "code_check_digit": (
        "the check digit of the code {stated:value} is wrong ({code:code} {body:body} may be meant)"
    ),
    "code_unreadable": "the code {stated:value} is not a local government code",
    "code_five_digits": "the code {stated:value} has only five digits and was interpreted as {code:code}",
    "code_northern": "code {code:code} belongs to a village without an administration",
    "code_ward": "code {code:code} belongs to a ward of a city; the employer is the city ({employer:code})",
    "code_named_ward": (
        "code {code:code} belongs to a ward of a city ({ward:body}); the employer is {city:body} "
        "({employer:code})"
    ),
    "code_ward_of_city": (
        "code {code:code} belongs to a ward of a city; the employer is {city:body} ({employer:code})"
    ),
    "code_ward_alone": (
        "code {code:code} belongs to a ward of a city ({ward:body}); the employer is the city "
        "({employer:code})"
    ),
    "code_not_listed": "code {code:code} is not in the register; it may be a union of municipalities",
    # --- the name ---
    "name_not_of_code": "code {code:code} belongs to {body:body}, but the name given is {stated:value}",
    "name_not_listed": "the name {stated:value} is not in the register",
    "name_of_several": "{stated:value} could be any of {count:number} organisations ({bodies:bodies})",
    # --- the category ---
    "national_from_local": (
        "the category is national government, but {domain:domain} is a local government domain"
    ),
    "local_from_national": (
        "the category is local government, but {domain:domain} is a national government domain"
    ),
    "code_from_national": (
        "a local government code is given, but {domain:domain} is a national government domain"
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
    "read_as": "understood as: {word:decision}",
    "no_decision": "the reply has no decision word (approve, decline, ask, hold, ...) as a separate sentence",
    "nearly_read": "{said:value} is not clearly a decision",
    "two_decisions": "the message contains two or more decisions",
    "doubt": "the reply also contains text that may be a condition, a question or a correction",
    "no_day": "{said:value} does not specify a date to hold the case until",
    "misplaced": "the decision word may be in a quotation or a signature",
    "html_differs": "the HTML text and the plain text do not contain the same decision",
    "html_alone": (
        "a decision cannot be sent as HTML only. Send plain text, or reply with the word and the code"
    ),
    "html_digest": "a decision cannot be sent as HTML only. Send plain text",
    "subject_differs": "the decision in the subject differs from the one in the text",
    "wrong_code": "the code is wrong",
    "too_long": "the message, its subject or the text to be forwarded (up to 1,000 characters) is too long",
    "doubled": "the header contains {field:value} more than once, and it is not clear which one is correct",
    "another_text": (
        "the message has a second body part, with a file name or in an unsupported format. Send plain text, "
        "or reply with the word below and the code"
    ),
    "sent_by_colleague": (
        "another member ({by:value}) sent the message on behalf of its author. Members must decide in their "
        "own name"
    ),
    "sent_by": (
        "the message says that somebody else ({by:value}) sent it. If the decision is the author's own, "
        "reply with the word below and the code"
    ),
    "overtaken": (
        "this reply was written before another of your replies that has already been processed, so it does "
        "not count. If it is still what you want, reply again"
    ),
    "not_a_mail": "it cannot be read as a message ({cause:value})",
    "machine": "it appears to be automatic mail and does not count as a decision",
    "machine_mark": (
        "the message is marked as automatic ({mark:value}), so the word alone does not count. "
        "Reply with the word below and the code. Mail servers and forwarding add this mark; ask your "
        "server's administrator to turn it off"
    ),
    # --- the letter that is replied to ---
    "expired": (
        "this reply address is no longer valid (expired or revoked). Reply to the latest review request"
    ),
    "code_wanted": "this desk accepts only replies with the code after the word",
    "request_alone": "reply to the review request itself, which has a different reply address",
    "undo_only": "a reply to a receipt can only undo a decision. To decide, reply to the review request",
    "told_only": "a reply to this notice cannot decide anything. Please ask a member who can",
    "unsigned": (
        "the DKIM signature does not cover the recipient and the body format, so it is not certain that "
        "this reply is meant for this case"
    ),
    "weak_proof": (
        "the message is authenticated only by a domain other than the author's, so it cannot decide or "
        "confirm"
    ),
    "no_signature": "this desk accepts only replies with a DKIM signature",
    "undated": (
        "the message has no Date, or one before the review request or too far from the time it was received"
    ),
    "crossed": "another case or its reply address is also mentioned, so it is not clear which case is meant",
    # --- words that count only with the code ---
    "code_word_wanted": (
        "this word requires the code: write the word and the code on the first line, then an empty line, "
        "then the text"
    ),
    "reply_wanted": "write the text for the applicant below an empty line",
    "memo_wanted": "write the text of the note below an empty line",
    "memos_full": "this case has the maximum number of notes",
    "correction_wanted": (
        "a correction needs a line with the organisation or the category and a line with the reason, "
        "below an empty line"
    ),
    "changed_since": (
        "the case has changed since this message. Reply with the word for the status, then reply to the "
        "answer"
    ),
    "not_closed": "this case is not closed, so it cannot be reopened",
    "undo_instead": "the applicant has not been notified of the decision yet, so you can undo it",
    "not_open": "this case is closed, or its invitation is about to be sent, so this word does not apply",
    # --- stop and resume ---
    "stop_asked": (
        "do you want to stop the desk? Nothing has been stopped. To stop it, reply with only the word for "
        "stop "
        "and the code"
    ),
    "stop_alone": "stop and resume count only in a reply that contains nothing else",
    "paused": (
        "the operators have paused decisions. Nothing was changed. Reply again once you have been "
        "notified that they have resumed"
    ),
    # --- a line of a digest ---
    "line_code_wanted": "the code of this digest is missing after the word",
    "line_doubt": "the same message contains a condition, a question or a correction",
    "line_other_count": "the number differs from that of the cases without warnings in this digest",
    "line_not_waiting": "this case no longer awaits a decision",
    "line_attention_since": "warnings were found after the digest was sent",
    "batch_one_by_one": "this case cannot be approved together with others: open it",
    "line_attention": (
        "this case has warnings. Check them, then send a separate line with the word that confirms the "
        "warnings after the code"
    ),
    "line_twice": "the same number appears twice",
    "line_not_shown": "the number is not in the digest that you replied to",
    "line_changed": "the application has changed. See the latest review request",
    # --- the case ---
    "not_permitted": "your role does not permit this",
    "second_look_other": "a second look must be decided by a different member from the first decision",
    "own_application": "you cannot decide your own application",
    "same_person": (
        "the applicant's name or address is the same as yours. Even if this is a different person, another "
        "member has to decide"
    ),
    "reason_wanted": "a decline requires a reason, which is sent to the applicant",
    "snippet_unknown": "the settings have no standard text with that number. Nothing was sent",
    "question_wanted": "write the question for the applicant",
    "call_needless": "the author's address already shows the affiliation, so the call was not recorded",
    "call_wanted": "to record a call, give the telephone number and the name of the person who answered",
    "second_wanted": "this case needs a second approval. Yours is recorded",
    "day_out_of_range": "the end of the hold must be between tomorrow and one year from now",
    "nothing_to_undo": "there is no decision to undo",
    "leaving": (
        "the applicant is being notified of the decision. To undo it anyway and return the case to review, "
        "reply with the word for undo and the code"
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
