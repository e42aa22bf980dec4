"""What people outside the office answer: a colleague of the applicant, and the applicant."""
