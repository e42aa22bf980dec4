"""Replies of people outside the office: a colleague of the applicant, and the applicant."""
